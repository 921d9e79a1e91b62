-- What retention removed of the one generation is missing from the other as well, and counts on in its objects.
WITH source AS (
    SELECT r.*, row_number() OVER (ORDER BY "record") AS place FROM skyledger."RetentionRecord" AS r
    WHERE "generation" = {fromId} AND "state" = 'done' AND "partition" IS NOT NULL
), made AS (
    INSERT INTO skyledger."RetentionRecord" ("generation", "plan", "policy", "nowMjdTai", "tableName", "partition", "lowerMjdTai", "upperMjdTai",
        "nRows", "sizeBytes", "fingerprint", "isVerified", "byWordOf", "state", "begunAt", "endedAt")
    SELECT {toId}, "plan", "policy", "nowMjdTai", "tableName", "partition", "lowerMjdTai", "upperMjdTai",
        "nRows", "sizeBytes", "fingerprint", "isVerified", "byWordOf", "state", "begunAt", "endedAt"
    FROM source ORDER BY place
    RETURNING "record"
), pair AS (
    SELECT s."record" AS old, m."record" AS new FROM source AS s
    JOIN (SELECT "record", row_number() OVER (ORDER BY "record") AS place FROM made) AS m USING (place)
)
INSERT INTO skyledger."RetiredSource" ("record", "tileGroup", "diaObjectId", "nDiaSources")
SELECT pair.new, r."tileGroup", array_agg(coalesce(p."newId", u.id) ORDER BY u.place), array_agg(u.n ORDER BY u.place)
FROM pair JOIN skyledger."RetiredSource" AS r ON r."record" = pair.old,
     unnest(r."diaObjectId", r."nDiaSources") WITH ORDINALITY AS u(id, n, place)
     LEFT JOIN piece_object AS p ON p."oldId" = u.id
WHERE p."fate" IS DISTINCT FROM 'drop'
GROUP BY pair.new, r."tileGroup"
