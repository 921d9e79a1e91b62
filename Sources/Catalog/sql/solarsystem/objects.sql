-- Rows of SSObject for the incoming orbits, under their designations of today. An object that was joined to another loses its row, unless
-- it has sources. Columns that must have a value are 0 before one is known.
DELETE FROM {generation}."SSObject" AS o USING joined_id AS j
WHERE o."ssObjectId" = j."oldId" AND NOT EXISTS (SELECT FROM {generation}."SSSource" AS s WHERE s."ssObjectId" = o."ssObjectId");

UPDATE {generation}."SSObject" AS o SET "designation" = NULL FROM joined_id AS j WHERE o."ssObjectId" = j."oldId";

UPDATE {generation}."SSObject" AS o SET "designation" = NULL
FROM incoming_mpc_orbits AS i JOIN resolved_object AS r ON r."row" = i."row"
WHERE o."designation" = i."designation" AND o."ssObjectId" <> r."ssObjectId";

UPDATE {generation}."SSObject" AS o SET "designation" = i."designation"
FROM incoming_mpc_orbits AS i JOIN resolved_object AS r ON r."row" = i."row"
WHERE o."ssObjectId" = r."ssObjectId" AND o."designation" IS DISTINCT FROM i."designation";

INSERT INTO {generation}."SSObject" ("ssObjectId", "designation"{names})
SELECT r."ssObjectId", i."designation"{zeros}
FROM incoming_mpc_orbits AS i JOIN resolved_object AS r ON r."row" = i."row"
WHERE NOT EXISTS (SELECT FROM {generation}."SSObject" AS o WHERE o."ssObjectId" = r."ssObjectId")
