-- Visit-detectors of the old generation that the new one lacks, in the order of time.
SELECT a."visit", a."detector", coalesce(a."band", '') AS "band", a."midpointMjdTai"
FROM {old}."VisitDetector" AS a
WHERE NOT EXISTS (SELECT FROM {new}."VisitDetector" AS b WHERE b."visit" = a."visit" AND b."detector" = a."detector")
ORDER BY a."midpointMjdTai", a."visit", a."detector"
