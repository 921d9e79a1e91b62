-- Changes of the new generation that a consumer has not exported, and that are older than all such of the old one; none where it has nothing
-- of the old one. A store to both generations waits in two changes, one after the other. $1: the old generation, $2: the new one, $3: the
-- consumer.
WITH waiting AS (
    SELECT c."change", c."generation", c."visit", c."detector"
    FROM skyledger."Change" AS c
    WHERE c."generation" IN ($1, $2)
      AND NOT EXISTS (SELECT FROM skyledger."ReplicaExport" AS e WHERE e."consumer" = $3 AND e."chunk" = c."chunk")
)
SELECT count(*) AS "n"
FROM waiting AS c
WHERE c."generation" = $2
  AND EXISTS (SELECT FROM skyledger."ReplicaExport" AS e WHERE e."consumer" = $3)
  AND NOT EXISTS (SELECT FROM waiting AS o
                  WHERE o."generation" = $1 AND o."change" = c."change" + 1 AND o."visit" = c."visit" AND o."detector" = c."detector")
  AND c."change" < coalesce((SELECT min(o."change") FROM waiting AS o WHERE o."generation" = $1), 9223372036854775807)
