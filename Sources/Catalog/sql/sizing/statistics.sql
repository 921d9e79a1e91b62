-- What ANALYZE knows of the columns of a table or leaf partition: mean width of values that are there, share of nulls.
-- $1: the schema, $2: the table or partition.
SELECT "attname"::text AS "column",
       "avg_width"::double precision AS "width",
       "null_frac"::double precision AS "nullFraction"
FROM pg_stats
WHERE "schemaname" = $1 AND "tablename" = $2
