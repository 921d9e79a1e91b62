-- The partitions that hang on a parent, with the bytes of each on disk. $1: the parent.
SELECT c.relname::text AS "partition", c.oid::bigint AS "oid", pg_total_relation_size(c.oid) AS "bytes"
FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = $1::text::regclass AND NOT i.inhdetachpending
ORDER BY c.relname
