-- Visit-detectors and their sources by band and night (a night is a whole MJD) in both generations. Counts are of what was stored, so that
-- what retention has removed since does not look like a loss.
SELECT coalesce(a."band", b."band") AS "band", coalesce(a."night", b."night") AS "night",
       coalesce(a."visitDetectors", 0) AS "oldVisitDetectors", coalesce(b."visitDetectors", 0) AS "newVisitDetectors",
       coalesce(a."sources", 0) AS "oldSources", coalesce(b."sources", 0) AS "newSources"
FROM (SELECT coalesce("band", '') AS "band", floor("midpointMjdTai")::bigint AS "night", count(*) AS "visitDetectors",
             sum("nDiaSources")::bigint AS "sources"
      FROM {old}."VisitDetector" GROUP BY 1, 2) AS a
FULL JOIN (SELECT coalesce("band", '') AS "band", floor("midpointMjdTai")::bigint AS "night", count(*) AS "visitDetectors",
                  sum("nDiaSources")::bigint AS "sources"
           FROM {new}."VisitDetector" GROUP BY 1, 2) AS b USING ("band", "night")
ORDER BY 2, 1
