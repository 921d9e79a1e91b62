-- Every removal that retention began it has ended.
SELECT "partition" || ' was begun to be removed at ' || "begunAt" || ': finish it with `skyledger retention apply`' AS what
FROM skyledger."RetentionRecord"
WHERE "generation" = {generationId} AND "state" = 'begun'
LIMIT 100
