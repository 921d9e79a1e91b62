-- Rows of a table and how many of them are of a change that is not in a chunk verified in the PPDB.
SELECT coalesce(sum(k.n), 0)::bigint AS "rows",
       coalesce(sum(k.n) FILTER (WHERE NOT {isVerified}), 0)::bigint AS "unverified"
FROM (SELECT "replicaKey" AS key, count(*) AS n FROM {partition} GROUP BY 1) AS k
