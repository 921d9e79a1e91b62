-- The sources of the visit-detectors that are not taken over.
CREATE TEMPORARY TABLE piece_source ON COMMIT DROP AS
SELECT s."diaSourceId", s."diaObjectId", {sourceIsKept} AS "isKept"
FROM {generation}."DiaSource" AS s JOIN piece_visit AS v ON v."visit" = s."visit" AND v."detector" = s."detector"
WHERE s.{sourceMidpoint} BETWEEN {low} AND {high};
CREATE INDEX ON piece_source ("diaSourceId");
ANALYZE piece_source
