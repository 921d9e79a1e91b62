-- Alerts by partition of the ledger, counted through the parent: partitions show themselves to nobody.
SELECT partition.relname::text AS "partition", count(*) AS "rows"
FROM ledger."Alert" AS a
JOIN pg_class AS partition ON partition.oid = a.tableoid
GROUP BY 1
