-- Keeps how many sources of each object a partition of DiaSource holds that leaves for good, from what retired-counts counted. $1: the record.
INSERT INTO skyledger."RetiredSource" ("record", "tileGroup", "diaObjectId", "nDiaSources")
SELECT $1, k."tileGroup", array_agg(k."diaObjectId"), array_agg(k.n) FROM pg_temp."RetiredCount" AS k GROUP BY 1, 2
