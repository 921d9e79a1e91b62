-- Entries of the chunks up to one. $1: the chunk.
SELECT count(*) AS "rows", coalesce(sum(pg_column_size(c.*)), 0)::bigint AS "bytes", coalesce(bit_xor(hashint8extended(c."change", 0)), 0) AS "fingerprint"
FROM skyledger."Change" AS c WHERE c."chunk" <= $1
