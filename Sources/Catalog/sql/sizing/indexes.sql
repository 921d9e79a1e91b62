-- Every index of a schema, with its table or leaf partition. $1: the schema.
SELECT root.relname::text AS "table",
       leaf.relname::text AS "partition",
       index.relname::text AS "index",
       method.amname::text AS "method",
       pg_total_relation_size(index.oid) AS "bytes"
FROM pg_index AS entry
JOIN pg_class AS index ON index.oid = entry.indexrelid AND index.relkind = 'i'
JOIN pg_am AS method ON method.oid = index.relam
JOIN pg_class AS leaf ON leaf.oid = entry.indrelid AND leaf.relkind = 'r'
JOIN pg_namespace AS n ON n.oid = leaf.relnamespace
JOIN pg_class AS root ON root.oid = coalesce(pg_partition_root(leaf.oid), leaf.oid)
WHERE n.nspname = $1
ORDER BY 1, 2, 3
