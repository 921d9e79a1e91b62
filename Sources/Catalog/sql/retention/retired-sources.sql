-- Keeps how many sources of each object a partition of DiaSource holds that leaves for good. $1: the record.
INSERT INTO skyledger."RetiredSource" ("record", "tileGroup", "diaObjectId", "nDiaSources")
SELECT $1, k."tileGroup", array_agg(k."diaObjectId"), array_agg(k.n)
FROM (SELECT "tile" / 4096 AS "tileGroup", "diaObjectId", count(*)::integer AS n FROM {partition}
      WHERE "diaObjectId" IS NOT NULL AND {sourceIsKept} GROUP BY 1, 2) AS k
GROUP BY 1, 2
