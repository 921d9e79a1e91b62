-- Open objects of one source that is older than a time. $1: MJD TAI.
SELECT count(*) AS "rows", coalesce(sum(pg_column_size(l.*)), 0)::bigint AS "bytes",
       coalesce(bit_xor(hashint8extended(o."diaObjectId", 0)), 0) AS "fingerprint"
FROM {generation}."DiaObject" AS o JOIN {generation}."DiaObjectLast" AS l ON l."diaObjectId" = o."diaObjectId"
WHERE o.{validityEnd} IS NULL AND o."nDiaSources" = 1 AND o."lastDiaSourceMjdTai" < $1
