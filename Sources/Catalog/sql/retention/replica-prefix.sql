-- The last chunk of those that all consumers have and the PPDB was verified to have before a time; the newest chunk and each consumer's
-- newest are kept, for numbers and cursors go on from them. $1: MJD TAI; TAI is 37 s ahead of UTC.
SELECT max(r."chunk") AS "chunk"
FROM skyledger."ReplicaChunk" AS r
WHERE r."chunk" < (SELECT max("chunk") FROM skyledger."ReplicaChunk")
  AND r."chunk" < (SELECT min(newest) FROM (SELECT max("chunk") AS newest FROM skyledger."ReplicaExport" GROUP BY "consumer") AS c)
  AND r."chunk" < coalesce((SELECT min(u."chunk") FROM skyledger."ReplicaChunk" AS u
                            LEFT JOIN skyledger."ReplicaExport" AS e ON e."chunk" = u."chunk" AND e."consumer" = 'ppdb'
                            WHERE e."verifiedAt" IS NULL OR e."verifiedAt" > to_timestamp(($1::double precision - 40587) * 86400 - 37)),
                           9223372036854775807)
