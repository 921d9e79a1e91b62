-- nDiaSources of every open DiaObject equals the number of its DiaSources.
SELECT 'DiaObject ' || coalesce(o."diaObjectId", s."diaObjectId") || ' says ' || coalesce(o."nDiaSources", 0) || ' sources and has ' || coalesce(s.n, 0) AS what
FROM (SELECT "diaObjectId", "nDiaSources" FROM {generation}."DiaObject" WHERE {validityEnd} IS NULL) AS o
FULL JOIN (SELECT "diaObjectId", count(*) AS n FROM {generation}."DiaSource" WHERE "diaObjectId" IS NOT NULL GROUP BY 1) AS s
    ON s."diaObjectId" = o."diaObjectId"
WHERE coalesce(o."nDiaSources", 0) <> coalesce(s.n, 0)
LIMIT 100
