-- Every visit-detector has as many DiaSources as its entry says, and every DiaSource has such an entry.
SELECT 'visit ' || coalesce(v."visit", s."visit") || ' detector ' || coalesce(v."detector", s."detector") ||
       ' says ' || coalesce(v."nDiaSources"::text, 'nothing') || ' and has ' || coalesce(s.n, 0) || ' DiaSources' AS what
FROM {generation}."VisitDetector" AS v
FULL JOIN (SELECT "visit", "detector", count(*) AS n FROM {generation}."DiaSource" GROUP BY 1, 2) AS s
    ON s."visit" = v."visit" AND s."detector" = v."detector"
WHERE v."nDiaSources" IS DISTINCT FROM coalesce(s.n, 0)
LIMIT 100
