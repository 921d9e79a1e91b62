-- The DiaObject of every DiaSource and DiaForcedSource exists, open or closed.
SELECT s.name || ' of DiaObject ' || s."diaObjectId" || ', which does not exist' AS what
FROM (SELECT DISTINCT 'a DiaSource' AS name, "diaObjectId" FROM {generation}."DiaSource" WHERE "diaObjectId" IS NOT NULL
      UNION ALL SELECT DISTINCT 'a DiaForcedSource', "diaObjectId" FROM {generation}."DiaForcedSource") AS s
WHERE NOT EXISTS (SELECT FROM {generation}."DiaObject" AS o WHERE o."diaObjectId" = s."diaObjectId")
LIMIT 100
