-- Visit-detectors and their sources by band and night (a night is a whole MJD) in both generations. Counts are of what was stored, so that
-- what retention has removed since does not look like a loss. Visit-detectors that the new generation took over are left out of both.
SELECT coalesce(a."band", b."band") AS "band", coalesce(a."night", b."night") AS "night",
       coalesce(a."visitDetectors", 0) AS "oldVisitDetectors", coalesce(b."visitDetectors", 0) AS "newVisitDetectors",
       coalesce(a."sources", 0) AS "oldSources", coalesce(b."sources", 0) AS "newSources"
FROM (SELECT coalesce("band", '') AS "band", floor("midpointMjdTai")::bigint AS "night", count(*) AS "visitDetectors",
             sum("nDiaSources")::bigint AS "sources"
      FROM {old}."VisitDetector" AS v
      WHERE NOT EXISTS (SELECT FROM {new}."VisitDetector" AS n
                        WHERE n."visit" = v."visit" AND n."detector" = v."detector" AND n."generation" <> {newId})
      GROUP BY 1, 2) AS a
FULL JOIN (SELECT coalesce("band", '') AS "band", floor("midpointMjdTai")::bigint AS "night", count(*) AS "visitDetectors",
                  sum("nDiaSources")::bigint AS "sources"
           FROM {new}."VisitDetector" WHERE "generation" = {newId} GROUP BY 1, 2) AS b USING ("band", "night")
ORDER BY 2, 1
