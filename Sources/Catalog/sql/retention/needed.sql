-- Closed objects that have their last version in a partition, and sources or forced sources that stay. {leaving}: partitions that go before.
SELECT count(*) AS "objects"
FROM (SELECT DISTINCT p."diaObjectId" FROM {partition} AS p
      WHERE NOT EXISTS (SELECT FROM {generation}."DiaObject_open" AS o WHERE o."diaObjectId" = p."diaObjectId")
        AND NOT EXISTS (SELECT FROM {generation}."DiaObject" AS o
                        WHERE o."diaObjectId" = p."diaObjectId" AND o.{validityEnd} >= {upper})) AS last
WHERE EXISTS (SELECT FROM {generation}."DiaSource" AS s WHERE s."diaObjectId" = last."diaObjectId" AND s.tableoid <> ALL ({leaving}))
   OR EXISTS (SELECT FROM {generation}."DiaForcedSource" AS s WHERE s."diaObjectId" = last."diaObjectId" AND s.tableoid <> ALL ({leaving}))
