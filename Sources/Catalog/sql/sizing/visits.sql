-- What every visit brought, in order of time. A night runs from noon to noon at Cerro Pachon, 16 h UTC, as in the report of visits.
SELECT "visit",
       floor(min("midpointMjdTai") - 16.0 / 24)::bigint AS "night",
       min("midpointMjdTai") AS "midpointMjdTai",
       count(*) AS "detectors",
       sum("nDiaSources")::bigint AS "diaSources",
       sum("nDiaForcedSources")::bigint AS "diaForcedSources",
       sum("nDiaObjectsNew")::bigint AS "diaObjectsNew",
       sum("nDiaObjectsUpdated")::bigint AS "diaObjectsUpdated",
       sum("nSSSources")::bigint AS "ssSources",
       sum("nAlerts")::bigint AS "alerts"
FROM {generation}."VisitDetector"
GROUP BY "visit"
ORDER BY min("midpointMjdTai"), "visit"
