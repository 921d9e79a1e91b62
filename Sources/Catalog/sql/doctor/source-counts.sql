-- nDiaSources of every open DiaObject equals the number of its DiaSources, those that were withdrawn left out, with those that retention removed.
WITH RECURSIVE retired AS (
    SELECT u.id, sum(u.n) AS n
    FROM skyledger."RetentionRecord" AS e JOIN skyledger."RetiredSource" AS r ON r."record" = e."record",
         unnest(r."diaObjectId", r."nDiaSources") AS u(id, n)
    WHERE e."generation" = {generationId} AND e."state" = 'done'
    GROUP BY 1
), merged AS (
    SELECT "diaObjectId" AS id, max(("after"->>'mergedInto')::bigint) AS next
    FROM {generation}."UpdateRecord" WHERE "updateType" = 'merge_diaobject' GROUP BY 1
), heir AS (
    -- A merged object's removed sources count in the one that it was merged into.
    SELECT id, id AS owner, n FROM retired
    UNION ALL SELECT h.id, m.next, h.n FROM heir AS h JOIN merged AS m ON m.id = h.owner
), removed AS (
    SELECT owner AS id, sum(n) AS n FROM heir WHERE NOT EXISTS (SELECT FROM merged AS m WHERE m.id = heir.owner) GROUP BY 1
)
SELECT 'DiaObject ' || o."diaObjectId" || ' says ' || o."nDiaSources" || ' sources and has ' || coalesce(s.n, 0)
       || coalesce(', with ' || r.n || ' that retention removed', '') AS what
FROM (SELECT "diaObjectId", "nDiaSources" FROM {generation}."DiaObject" WHERE {validityEnd} IS NULL) AS o
LEFT JOIN (SELECT "diaObjectId", count(*) AS n FROM {generation}."DiaSource" WHERE "diaObjectId" IS NOT NULL AND {sourceIsKept} GROUP BY 1) AS s
    ON s."diaObjectId" = o."diaObjectId"
LEFT JOIN removed AS r ON r.id = o."diaObjectId"
WHERE o."nDiaSources" <> coalesce(s.n, 0) + coalesce(r.n, 0)
LIMIT 100
