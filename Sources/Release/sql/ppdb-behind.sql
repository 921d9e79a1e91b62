-- Changes of the new generation that a consumer has not (or has not verified, {column}), and that are older than all such of the old one;
-- none where it has nothing of the old one. A store to both generations waits in two changes, one after the other. $1, $2: the old generation and what the consumer is called for it, $3, $4: the new one's.
SELECT count(*) AS "n"
FROM skyledger."Change" AS c
WHERE c."generation" = $3
  AND NOT EXISTS (SELECT FROM skyledger."Change" AS o
                  WHERE o."change" = c."change" + 1 AND o."generation" = $1 AND o."visit" = c."visit" AND o."detector" = c."detector"
                    AND NOT EXISTS (SELECT FROM skyledger."ReplicaExport" AS e
                                    WHERE e."consumer" = $2 AND e."chunk" = o."chunk" AND e.{column} IS NOT NULL))
  AND NOT EXISTS (SELECT FROM skyledger."ReplicaExport" AS e WHERE e."consumer" = $4 AND e."chunk" = c."chunk" AND e.{column} IS NOT NULL)
  AND EXISTS (SELECT FROM skyledger."ReplicaExport" AS e WHERE e."consumer" = $2 AND e.{column} IS NOT NULL)
  AND c."change" < coalesce((SELECT min(o."change") FROM skyledger."Change" AS o
                             WHERE o."generation" = $1
                               AND NOT EXISTS (SELECT FROM skyledger."ReplicaExport" AS e
                                               WHERE e."consumer" = $2 AND e."chunk" = o."chunk" AND e.{column} IS NOT NULL)), 9223372036854775807)
