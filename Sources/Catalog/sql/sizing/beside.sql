-- What lies beside the current generation: the other one of an open release, and Level-2 catalogs.
SELECT g."schemaName" AS "schema", 'generation' AS "kind", r."release" AS "release", r."state" AS "state"
FROM skyledger."Generation" AS g
LEFT JOIN skyledger."Release" AS r
    ON r."state" IN ('beginning', 'loading', 'joined', 'published') AND g."generationId" IN (r."generation", r."fromGeneration")
WHERE g."state" <> 'current' AND to_regnamespace(g."schemaName") IS NOT NULL
UNION ALL
SELECT l."schemaName", 'level2', l."release", r."state"
FROM skyledger."Level2" AS l
JOIN skyledger."Release" AS r USING ("release")
WHERE to_regnamespace(l."schemaName") IS NOT NULL
ORDER BY 1
