-- How many sources of each object a partition of DiaSource holds. A table of its own, for PostgreSQL counts for it on several cores, and for an
-- INSERT on one.
CREATE TEMPORARY TABLE "RetiredCount" ON COMMIT DROP AS
SELECT "tile" / 4096 AS "tileGroup", "diaObjectId", count(*)::integer AS n FROM {partition}
WHERE "diaObjectId" IS NOT NULL AND {sourceIsKept} GROUP BY 1, 2
