-- Every DiaObject has exactly one open version or was closed, and DiaObjectLast has a row for each open one.
SELECT 'DiaObject ' || coalesce(o."diaObjectId", l."diaObjectId") ||
       CASE WHEN o."diaObjectId" IS NULL THEN ' is in DiaObjectLast without an open version' ELSE ' has an open version and no row in DiaObjectLast' END AS what
FROM (SELECT "diaObjectId" FROM {generation}."DiaObject" WHERE {validityEnd} IS NULL) AS o
FULL JOIN {generation}."DiaObjectLast" AS l ON l."diaObjectId" = o."diaObjectId"
WHERE o."diaObjectId" IS NULL OR l."diaObjectId" IS NULL
LIMIT 100
