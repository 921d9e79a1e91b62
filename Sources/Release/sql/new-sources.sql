-- The new sources of a month and whether the crosswalk has an old one for them, by cell of the sky and by band and magnitude. $1 to $4 as for
-- the old ones.
SELECT grouping("cellDec") AS "noCell", coalesce("band", '') AS "band", coalesce("cellDec", 0) AS "cellDec", coalesce("cellRa", 0) AS "cellRa",
       "magnitude", count(*) AS "n", count(*) FILTER (WHERE "isMatched") AS "nMatched"
FROM (SELECT "band", "cellDec", floor("ra" * cos(radians(("cellDec" + 0.5) * $4 - 90)) / $4)::bigint AS "cellRa", "magnitude", "isMatched"
      FROM (SELECT coalesce(b.{newBand}, '') AS "band", b."ra", floor((b.{newDec} + 90) / $4)::bigint AS "cellDec",
                   {newMagnitude} AS "magnitude",
                   CASE WHEN c."crosswalk" IS NULL
                        THEN EXISTS (SELECT FROM {old}."DiaSource" AS a WHERE a."diaSourceId" = b."diaSourceId"
                                     AND a.{oldMidpoint} >= $2 - 1 AND a.{oldMidpoint} < $3 + 1)
                        ELSE c."oldDiaSourceId" IS NOT NULL END AS "isMatched"
            FROM {new}."DiaSource" AS b
            LEFT JOIN skyledger."CrosswalkSource" AS c ON c."crosswalk" = $1 AND c."newDiaSourceId" = b."diaSourceId"
            WHERE b.{newMidpoint} >= $2 AND b.{newMidpoint} < $3
              AND EXISTS (SELECT FROM {old}."VisitDetector" AS v WHERE v."visit" = b."visit" AND v."detector" = b."detector")
              AND EXISTS (SELECT FROM {new}."VisitDetector" AS v WHERE v."visit" = b."visit" AND v."detector" = b."detector"
                          AND v."generation" = {newId})) AS one) AS steps
GROUP BY GROUPING SETS (("cellDec", "cellRa"), ("band", "magnitude"))
