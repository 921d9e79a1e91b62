-- Every visit-detector has as many DiaSources as its entry says, or lies in a month that retention removed, and every DiaSource has such an entry.
WITH removed AS (
    SELECT "lowerMjdTai" AS lower, "upperMjdTai" AS upper FROM skyledger."RetentionRecord"
    WHERE "generation" = {generationId} AND "tableName" = 'DiaSource' AND "state" = 'done'
)
SELECT 'visit ' || coalesce(v."visit", s."visit") || ' detector ' || coalesce(v."detector", s."detector") ||
       ' says ' || coalesce(v."nDiaSources"::text, 'nothing') || ' and has ' || coalesce(s.n, 0) || ' DiaSources' AS what
FROM {generation}."VisitDetector" AS v
FULL JOIN (SELECT "visit", "detector", count(*) AS n FROM {generation}."DiaSource" GROUP BY 1, 2) AS s
    ON s."visit" = v."visit" AND s."detector" = v."detector"
WHERE v."nDiaSources" IS DISTINCT FROM coalesce(s.n, 0)
  -- A visit's sources are within a day of its middle; the next check holds their sum.
  AND NOT (v."nDiaSources" > coalesce(s.n, 0)
           AND EXISTS (SELECT FROM removed AS r WHERE v."midpointMjdTai" >= r.lower - 1 AND v."midpointMjdTai" < r.upper + 1))
LIMIT 100
