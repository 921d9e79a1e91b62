-- What becomes of each object that has something in the visit-detectors that are not taken over, or was founded there.
-- "fate": drop, nothing of it is left; keep, its versions stay as they are; renew, it gets a new version of the sources that are left.
-- "newId": its founding source goes, whose number the reprocessing may give to another: it takes the lowest of the sources that are left which
-- never named an object, as a split does. Null: it keeps its own.
CREATE TEMPORARY TABLE piece_touched ON COMMIT DROP AS
SELECT id, EXISTS (SELECT FROM piece_source AS p WHERE p."diaSourceId" = id) AS "isFounderGone" FROM (
    SELECT "diaObjectId" AS id FROM piece_source WHERE "diaObjectId" IS NOT NULL
    UNION
    SELECT f."diaObjectId" FROM {generation}."DiaForcedSource" AS f
    JOIN piece_visit AS v ON v."visit" = f."visit" AND v."detector" = f."detector"
    WHERE f.{forcedMidpoint} BETWEEN {low} AND {high}
    UNION
    SELECT o."diaObjectId" FROM {generation}."DiaObject" AS o JOIN piece_source AS p ON p."diaSourceId" = o."diaObjectId") AS t;
CREATE UNIQUE INDEX ON piece_touched (id);
ANALYZE piece_touched;
CREATE TEMPORARY TABLE piece_left ON COMMIT DROP AS
SELECT s."diaObjectId" AS id, s."diaSourceId", t."isFounderGone"
FROM {generation}."DiaSource" AS s JOIN piece_touched AS t ON t.id = s."diaObjectId"
WHERE NOT EXISTS (SELECT FROM piece_visit AS v WHERE v."visit" = s."visit" AND v."detector" = s."detector");
ANALYZE piece_left;
CREATE TEMPORARY TABLE piece_object ON COMMIT DROP AS
WITH lost AS (
    SELECT "diaObjectId" AS id, count(*) AS n FROM piece_source WHERE "isKept" AND "diaObjectId" IS NOT NULL GROUP BY 1
), stays AS (
    SELECT id, count(*) AS n FROM piece_left GROUP BY 1
), free AS (
    SELECT l.id, min(l."diaSourceId") AS "freeId" FROM piece_left AS l
    WHERE l."isFounderGone" AND NOT EXISTS (SELECT FROM {generation}."DiaObject" AS o WHERE o."diaObjectId" = l."diaSourceId")
    GROUP BY 1
), known AS (
    SELECT t.id, o."diaObjectId" IS NOT NULL AS "isOpen", o."nDiaSources" - coalesce(lost.n, 0) AS "nDiaSources",
           coalesce(stays.n, 0) AS "nStored", free."freeId", t."isFounderGone",
           greatest({now}, o.{validityStart} + 1e-6) AS "renewedMjdTai"
    FROM piece_touched AS t
    LEFT JOIN {generation}."DiaObject_open" AS o ON o."diaObjectId" = t.id
    LEFT JOIN lost ON lost.id = t.id
    LEFT JOIN stays ON stays.id = t.id
    LEFT JOIN free ON free.id = t.id
)
SELECT id AS "oldId", "nDiaSources", "renewedMjdTai", "freeId" AS "newId",
       CASE WHEN "nStored" = 0 AND ("isFounderGone" OR "isOpen" AND "nDiaSources" <= 0) THEN 'drop'
            WHEN "isOpen" THEN 'renew' ELSE 'keep' END AS "fate"
FROM known;
CREATE UNIQUE INDEX ON piece_object ("oldId");
ANALYZE piece_object
