-- diaSourceId is unique over all partitions.
SELECT 'diaSourceId ' || "diaSourceId" || ' stands ' || count(*) || ' times' AS what
FROM {generation}."DiaSource"
GROUP BY "diaSourceId" HAVING count(*) > 1
LIMIT 100
