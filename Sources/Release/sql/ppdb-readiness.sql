-- How far a consumer is with a generation. $1: the generation, $2: the consumer.
SELECT count(*) AS "changes", count(e."chunk") AS "exported", count(e."verifiedAt") AS "verified"
FROM skyledger."Change" AS c LEFT JOIN skyledger."ReplicaExport" AS e ON e."consumer" = $2 AND e."chunk" = c."chunk"
WHERE c."generation" = $1
