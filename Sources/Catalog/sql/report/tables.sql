-- Rows and bytes of every table of a generation, a line a leaf partition. $1: the generation's schema.
SELECT root.relname::text AS "table",
       CASE WHEN leaf.oid = root.oid THEN NULL ELSE leaf.relname::text END AS "partition",
       leaf.reltuples::bigint AS "rowsEstimated",
       pg_table_size(leaf.oid) AS "tableBytes",
       pg_indexes_size(leaf.oid) AS "indexBytes"
FROM pg_class AS leaf
JOIN pg_namespace AS n ON n.oid = leaf.relnamespace
JOIN pg_class AS root ON root.oid = coalesce(pg_partition_root(leaf.oid), leaf.oid)
WHERE n.nspname = $1 AND leaf.relkind = 'r'
ORDER BY 1, 2
