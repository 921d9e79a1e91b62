-- Every table or leaf partition of a schema, with the bytes of its heap, its free-space and visibility maps, its TOAST and its indexes.
-- $1: the schema.
SELECT root.relname::text AS "table",
       leaf.relname::text AS "partition",
       leaf.oid <> root.oid AS "isPartition",
       leaf.reltuples::double precision AS "rowsEstimated",
       pg_relation_size(leaf.oid) AS "heapBytes",
       pg_relation_size(leaf.oid, 'fsm') + pg_relation_size(leaf.oid, 'vm') + pg_relation_size(leaf.oid, 'init') AS "mapBytes",
       coalesce(pg_total_relation_size(nullif(leaf.reltoastrelid, 0)), 0)::bigint AS "toastBytes",
       pg_indexes_size(leaf.oid) AS "indexBytes",
       (SELECT count(*) FROM pg_index AS i WHERE i.indrelid = leaf.oid) AS "indexes",
       has_table_privilege(leaf.oid, 'SELECT') AS "isReadable"
FROM pg_class AS leaf
JOIN pg_namespace AS n ON n.oid = leaf.relnamespace
JOIN pg_class AS root ON root.oid = coalesce(pg_partition_root(leaf.oid), leaf.oid)
WHERE n.nspname = $1 AND leaf.relkind = 'r'
ORDER BY 1, 2
