-- Files of the image cache that are there, by kind.
SELECT "kind"::text AS "kind", count(*) AS "files", coalesce(sum("sizeBytes"), 0)::bigint AS "bytes"
FROM skyledger."CachedImage"
WHERE "deletedAt" IS NULL
GROUP BY 1
ORDER BY 1
