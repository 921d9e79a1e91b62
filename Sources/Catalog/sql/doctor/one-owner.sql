-- A DiaSource belongs to a DiaObject or to an SSObject, never to both.
SELECT 'DiaSource ' || "diaSourceId" || ' belongs to DiaObject ' || "diaObjectId" || ' and to SSObject ' || "ssObjectId" AS what
FROM {generation}."DiaSource"
WHERE "diaObjectId" IS NOT NULL AND "ssObjectId" IS NOT NULL
LIMIT 100
