-- Sources that are withdrawn in the old generation and stand in the new one. $1: the crosswalk.
SELECT count(*) AS "n", coalesce(min(a."diaSourceId"), 0) AS "first"
FROM {old}."DiaSource" AS a
LEFT JOIN skyledger."CrosswalkSource" AS c ON c."crosswalk" = $1 AND c."oldDiaSourceId" = a."diaSourceId"
JOIN {new}."DiaSource" AS b
    ON b."diaSourceId" = CASE WHEN c."crosswalk" IS NULL THEN a."diaSourceId" ELSE c."newDiaSourceId" END
    AND b."visit" = a."visit" AND b."detector" = a."detector"
WHERE a."timeWithdrawnMjdTai" IS NOT NULL AND b."timeWithdrawnMjdTai" IS NULL
