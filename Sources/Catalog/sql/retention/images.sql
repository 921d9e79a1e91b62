-- Files of the image cache whose time is over and that are not marked as deleted, by kind. $1: MJD TAI.
SELECT "kind", count(*) AS "rows", sum("sizeBytes")::bigint AS "bytes", bit_xor(hashint8extended("image", 0)) AS "fingerprint"
FROM skyledger."CachedImage" WHERE "deletedAt" IS NULL AND "expiresMjdTai" <= $1
GROUP BY "kind" ORDER BY "kind"
