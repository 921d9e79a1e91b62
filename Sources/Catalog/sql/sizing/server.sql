-- The database as the server counts it, and how much write-ahead log it may keep.
SELECT pg_database_size(current_database()) AS "databaseBytes",
       (SELECT "setting"::bigint * 1048576 FROM pg_settings WHERE "name" = 'max_wal_size') AS "walLimitBytes",
       to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "measuredAt"
