-- Packets of alerts by visit: how many, their bytes before and after compression.
SELECT "visit",
       count(*) AS "alerts",
       sum("sizeBytes")::bigint AS "bytes",
       sum(octet_length("packet"))::bigint AS "storedBytes"
FROM ledger."Alert"
GROUP BY "visit"
