-- Sources of a month that were taken over and that now are with sources of other objects than before: each old object has one new one, and
-- each new one one old one; what is not in such a pair was moved. Sources that have an object in one generation only were adopted since.
-- $1 and $2: the month's bounds.
WITH visits AS MATERIALIZED (
    SELECT "visit", "detector" FROM {new}."VisitDetector" WHERE "generation" <> {newId}
), pair AS (
    SELECT o."diaObjectId" AS old, n."diaObjectId" AS new, count(*) AS n
    FROM {old}."DiaSource" AS o JOIN visits AS v ON v."visit" = o."visit" AND v."detector" = o."detector"
    JOIN {new}."DiaSource" AS n ON n."diaSourceId" = o."diaSourceId" AND n.{midpoint} >= $1 AND n.{midpoint} < $2
    WHERE o.{midpoint} >= $1 AND o.{midpoint} < $2 GROUP BY 1, 2
), followed AS (
    SELECT *, row_number() OVER (PARTITION BY old ORDER BY n DESC, new) AS a FROM pair WHERE old IS NOT NULL AND new IS NOT NULL
), ranked AS (
    SELECT n, a, row_number() OVER (PARTITION BY new ORDER BY least(a, 2), n DESC, old) AS b FROM followed
)
SELECT coalesce(sum(n) FILTER (WHERE a > 1 OR b > 1), 0)::bigint AS "moved" FROM ranked
