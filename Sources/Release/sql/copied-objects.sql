-- Versions of objects that the new generation took over, held against the old one's of the same number and start. An object that the old one
-- does not have got another number. $1: the months of ends that the old generation has, $2: how many are named.
WITH taken AS (
    SELECT a."diaObjectId" AS id, a.{start} AS "start", {hash} AS hash FROM {new}."DiaObject" AS a
    WHERE a."generation" <> {newId} AND (a.{end} IS NULL OR floor(a.{end} / {monthDays})::bigint = ANY ($1))
), held AS MATERIALIZED (
    SELECT t.id, t."start", b.id IS NOT NULL AS "isKnown", t.hash IS DISTINCT FROM b.hash AS "isDifferent"
    FROM taken AS t LEFT JOIN (SELECT a."diaObjectId" AS id, a.{start} AS "start", {hash} AS hash FROM {old}."DiaObject" AS a) AS b
        ON b.id = t.id AND b."start" = t."start"
), renumbered AS MATERIALIZED (
    SELECT DISTINCT id FROM held AS h WHERE NOT h."isKnown"
      AND NOT EXISTS (SELECT FROM {old}."DiaObject" AS o WHERE o."diaObjectId" = h.id)
), different AS MATERIALIZED (
    SELECT id FROM held AS h WHERE h."isDifferent" AND NOT EXISTS (SELECT FROM renumbered AS r WHERE r.id = h.id)
)
SELECT (SELECT count(*) FROM held) AS "rows", (SELECT count(*) FROM different) AS "different",
       (SELECT count(*) FROM renumbered) AS "renumbered", named.id
FROM (SELECT 1) AS one LEFT JOIN (SELECT DISTINCT id FROM different ORDER BY 1 LIMIT $2) AS named ON true
