-- What was loaded: visits, visit-detectors, nights (a night runs from noon to noon at Cerro Pachon, 16 h UTC), the newest entry.
SELECT count(DISTINCT "visit") AS "visits",
       count(*) AS "visitDetectors",
       count(DISTINCT floor("midpointMjdTai" - 16.0 / 24)) AS "nights",
       min("midpointMjdTai") AS "firstMidpointMjdTai",
       max("midpointMjdTai") AS "lastMidpointMjdTai",
       sum("nDiaSources")::bigint AS "diaSources",
       to_char(max("storedAt") AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "lastStoredAt"
FROM {generation}."VisitDetector"
