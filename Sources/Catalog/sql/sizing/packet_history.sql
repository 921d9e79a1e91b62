-- How the bytes of an alert's packet grow with the history in it: the newest alert of each of a sample of objects, by a straight line.
SELECT count(*) AS "alerts",
       regr_intercept("bytes", "history") AS "baseBytes",
       regr_slope("bytes", "history") AS "bytesPerHistoryRow",
       avg("history")::double precision AS "meanHistoryRows",
       sum("storedBytes")::double precision / sum("bytes") AS "storedFraction"
FROM (
    SELECT o."nDiaSources" - 1 AS "history", a."sizeBytes"::double precision AS "bytes", octet_length(a."packet") AS "storedBytes"
    FROM {generation}."DiaObjectLast" AS o TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)
    CROSS JOIN LATERAL (
        SELECT "sizeBytes", "packet"
        FROM ledger."Alert"
        WHERE "diaObjectId" = o."diaObjectId"
        ORDER BY "issuedMjdTai" DESC
        LIMIT 1
    ) AS a
) AS newest
