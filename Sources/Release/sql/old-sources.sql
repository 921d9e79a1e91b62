-- The old sources of a month and what the crosswalk has for them, counted in five ways at once: by cell of the sky, by band and magnitude,
-- and those with a new source by band and separation, offsets and ratio of fluxes, in steps. Visit-detectors that came later than the
-- crosswalk have the same identifiers in both generations. Only what the new generation made itself is compared here. $1: the crosswalk, $2 and $3: the month's bounds, $4: side of a cell, degrees.
SELECT grouping("cellDec") AS "noCell", grouping("magnitude") AS "noMagnitude", grouping("separationStep") AS "noSeparation",
       grouping("raStep") AS "noRa", grouping("decStep") AS "noDec",
       coalesce("band", '') AS "band", coalesce("cellDec", 0) AS "cellDec", coalesce("cellRa", 0) AS "cellRa", "magnitude",
       coalesce("separationStep", "raStep", "decStep", "ratioStep") AS "step", count(*) AS "n", count(*) FILTER (WHERE "isMatched") AS "nMatched"
FROM (SELECT "band", "cellDec", floor("ra" * cos(radians(("cellDec" + 0.5) * $4 - 90)) / $4)::bigint AS "cellRa", "magnitude",
             "isMatched", round("offsetRa" / {arcsecStep})::bigint AS "raStep", round("offsetDec" / {arcsecStep})::bigint AS "decStep",
             round(sqrt("offsetRa" ^ 2 + "offsetDec" ^ 2) / {arcsecStep})::bigint AS "separationStep", "ratioStep"
      FROM (SELECT coalesce(a.{oldBand}, '') AS "band", a."ra", floor((a.{oldDec} + 90) / $4)::bigint AS "cellDec",
                   {oldMagnitude} AS "magnitude", b."diaSourceId" IS NOT NULL AS "isMatched",
                   (b."ra" - a."ra" - 360 * round((b."ra" - a."ra") / 360)) * cos(radians(a.{oldDec})) * 3600 AS "offsetRa",
                   (b.{newDec} - a.{oldDec}) * 3600 AS "offsetDec", {ratioStep} AS "ratioStep"
            FROM {old}."DiaSource" AS a
            LEFT JOIN skyledger."CrosswalkSource" AS c ON c."crosswalk" = $1 AND c."oldDiaSourceId" = a."diaSourceId"
            LEFT JOIN {new}."DiaSource" AS b
                ON b."diaSourceId" = CASE WHEN c."crosswalk" IS NULL THEN a."diaSourceId" ELSE c."newDiaSourceId" END
                AND b.{newMidpoint} >= $2 - 1 AND b.{newMidpoint} < $3 + 1
            WHERE a.{oldMidpoint} >= $2 AND a.{oldMidpoint} < $3
              AND EXISTS (SELECT FROM {new}."VisitDetector" AS v WHERE v."visit" = a."visit" AND v."detector" = a."detector"
                          AND v."generation" = {newId})) AS pair) AS steps
GROUP BY GROUPING SETS (("cellDec", "cellRa"), ("band", "magnitude"), ("band", "separationStep"), ("band", "raStep"), ("band", "decStep"),
                        ("band", "ratioStep"))
