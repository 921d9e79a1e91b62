-- Rows of a month that the new generation took over, held against the old one's, by sums of a visit-detector's rows first; only where these
-- differ row by row. $1 and $2: the month's bounds, $3: how many rows are named.
WITH visits AS MATERIALIZED (
    SELECT "visit", "detector" FROM {new}."VisitDetector" WHERE "generation" <> {newId}
), old AS (
    SELECT a."visit", a."detector", count(*) AS n, sum({hash}) AS "sum" FROM {old}."{table}" AS a JOIN visits USING ("visit", "detector")
    WHERE a.{midpoint} >= $1 AND a.{midpoint} < $2 GROUP BY 1, 2
), new AS (
    SELECT a."visit", a."detector", count(*) AS n, sum({hash}) AS "sum" FROM {new}."{table}" AS a JOIN visits USING ("visit", "detector")
    WHERE a.{midpoint} >= $1 AND a.{midpoint} < $2{newRows} GROUP BY 1, 2
), both_ AS MATERIALIZED (
    SELECT "visit", "detector", coalesce(new.n, 0) AS n, (old.n, old."sum") IS DISTINCT FROM (new.n, new."sum") AS "isDifferent"
    FROM old FULL JOIN new USING ("visit", "detector")
), different AS MATERIALIZED (
    SELECT coalesce(o."visit", n."visit") AS "visit", coalesce(o."detector", n."detector") AS "detector", coalesce(o.id, n.id) AS id
    FROM (SELECT a."visit", a."detector", {id} AS id, {hash} AS hash,
                 row_number() OVER (PARTITION BY a."visit", a."detector", {match} ORDER BY {id}) AS place
          FROM {old}."{table}" AS a JOIN both_ AS v ON v."visit" = a."visit" AND v."detector" = a."detector" AND v."isDifferent"
          WHERE a.{midpoint} >= $1 AND a.{midpoint} < $2) AS o
    {join} JOIN (SELECT a."visit", a."detector", {id} AS id, {hash} AS hash,
                        row_number() OVER (PARTITION BY a."visit", a."detector", {match} ORDER BY {id}) AS place
                 FROM {new}."{table}" AS a JOIN both_ AS v ON v."visit" = a."visit" AND v."detector" = a."detector" AND v."isDifferent"
                 WHERE a.{midpoint} >= $1 AND a.{midpoint} < $2{newRows}) AS n
        ON o."visit" = n."visit" AND o."detector" = n."detector" AND o.{matched} = n.{matched} AND o.place = n.place
    WHERE o.hash IS DISTINCT FROM n.hash
)
SELECT (SELECT coalesce(sum(n), 0)::bigint FROM both_) AS "rows", (SELECT count(*) FROM different) AS "different",
       "visit", "detector"::integer AS "detector", id
FROM (SELECT 1) AS one LEFT JOIN (SELECT * FROM different ORDER BY 1, 2, 3 LIMIT $3) AS named ON true
