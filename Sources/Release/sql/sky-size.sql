-- How many squares of a degree the visits' centres lie in, at least one.
SELECT greatest(count(DISTINCT (floor("dec"), floor("ra" * cos(radians("dec"))))), 1) AS "squares" FROM {new}."VisitDetector" WHERE "ra" IS NOT NULL
