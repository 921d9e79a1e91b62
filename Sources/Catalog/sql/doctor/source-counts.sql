-- nDiaSources of every open DiaObject equals the number of its DiaSources, those that were withdrawn left out.
SELECT 'DiaObject ' || o."diaObjectId" || ' says ' || o."nDiaSources" || ' sources and has ' || coalesce(s.n, 0) AS what
FROM (SELECT "diaObjectId", "nDiaSources" FROM {generation}."DiaObject" WHERE {validityEnd} IS NULL) AS o
LEFT JOIN (SELECT "diaObjectId", count(*) AS n FROM {generation}."DiaSource" WHERE "diaObjectId" IS NOT NULL AND {sourceIsKept} GROUP BY 1) AS s
    ON s."diaObjectId" = o."diaObjectId"
WHERE o."nDiaSources" <> coalesce(s.n, 0)
LIMIT 100
