-- Rows of a partition that were changed after the fact by a change that is not in a chunk verified in the PPDB. {row}: how a record names them.
SELECT count(*) AS "rows"
FROM {partition} AS s
WHERE EXISTS (SELECT FROM {generation}."UpdateRecord" AS r, LATERAL (SELECT r."replicaKey" AS key) AS k
              WHERE r."tableName" = '{table}' AND {row} AND NOT {isVerified})
