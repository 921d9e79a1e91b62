-- Which identifier each incoming object has. An identifier that two of them could have stays with the one that it was made for, else with the
-- first; an object that could have several keeps the lowest, and the others are joined to it.
CREATE TEMPORARY TABLE owned_id ON COMMIT DROP AS
SELECT DISTINCT ON (s."ssObjectId") s."ssObjectId", d."row"
FROM incoming_designation AS d
JOIN {generation}."SSObjectDesignation" AS s ON s."designation" = d."designation"
JOIN incoming_object AS o ON o."row" = d."row"
ORDER BY s."ssObjectId", o."newId" <> s."ssObjectId", d."row";

CREATE TEMPORARY TABLE resolved_object ON COMMIT DROP AS
SELECT o."row", coalesce(min(w."ssObjectId"), o."newId") AS "ssObjectId", min(w."ssObjectId") IS NULL AS "isNew"
FROM incoming_object AS o LEFT JOIN owned_id AS w ON w."row" = o."row"
GROUP BY o."row", o."newId";

CREATE TEMPORARY TABLE joined_id ON COMMIT DROP AS
SELECT w."ssObjectId" AS "oldId", r."ssObjectId"
FROM owned_id AS w JOIN resolved_object AS r ON r."row" = w."row"
WHERE w."ssObjectId" <> r."ssObjectId";

ANALYZE resolved_object
