-- Changes of the two generations after one, without stores of visit-detectors that both have. $1, $2: the generations, $3: the change.
SELECT count(*) AS "n" FROM skyledger."Change" AS c
WHERE c."generation" IN ($1, $2) AND c."change" > $3
  AND NOT (c."kind" = 'store'
           AND EXISTS (SELECT FROM {old}."VisitDetector" AS v WHERE v."visit" = c."visit" AND v."detector" = c."detector")
           AND EXISTS (SELECT FROM {new}."VisitDetector" AS v WHERE v."visit" = c."visit" AND v."detector" = c."detector"))
