-- Writes down whose the incoming designations are.
UPDATE {generation}."SSObjectDesignation" AS s SET "ssObjectId" = j."ssObjectId" FROM joined_id AS j WHERE s."ssObjectId" = j."oldId";

INSERT INTO {generation}."SSObjectDesignation" AS s ("designation", "ssObjectId")
SELECT d."designation", r."ssObjectId" FROM incoming_designation AS d JOIN resolved_object AS r ON r."row" = d."row"
ON CONFLICT ("designation") DO UPDATE SET "ssObjectId" = excluded."ssObjectId" WHERE s."ssObjectId" <> excluded."ssObjectId";

DELETE FROM {generation}."SSObjectState" AS t USING joined_id AS j WHERE t."ssObjectId" = j."oldId";

-- Which stored orbit is whose; after identifiers were joined one object can have two, of which the first stays.
CREATE TEMPORARY TABLE stored_orbit ON COMMIT DROP AS
SELECT m."id", s."ssObjectId", row_number() OVER (PARTITION BY s."ssObjectId" ORDER BY m."id") AS "place"
FROM {generation}."mpc_orbits" AS m
JOIN {generation}."SSObjectDesignation" AS s ON s."designation" = m."unpacked_primary_provisional_designation";

-- Files that name an object by its number alone do not know better than what is stored.
CREATE TEMPORARY TABLE number_only ON COMMIT DROP AS
SELECT i."row", i."designation" AS "number", m."designation", m."packed_primary_provisional_designation" AS "packed"
FROM incoming_mpc_orbits AS i
JOIN resolved_object AS r ON r."row" = i."row"
JOIN stored_orbit AS o ON o."ssObjectId" = r."ssObjectId" AND o."place" = 1
JOIN {generation}."mpc_orbits" AS m ON m."id" = o."id"
WHERE i."designation" ~ '^[0-9]+$' AND m."designation" !~ '^[0-9]+$';

UPDATE incoming_mpc_orbits AS i
SET "designation" = n."designation", "unpacked_primary_provisional_designation" = n."designation",
    "packed_primary_provisional_designation" = n."packed"
FROM number_only AS n WHERE n."row" = i."row";

ANALYZE stored_orbit
