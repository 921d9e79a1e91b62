-- Packets of alerts by the month of their issue (UTC): how many, their bytes before and after compression.
-- MJD 40587 is 1970-01-01; that TAI is half a minute ahead of UTC does not matter to months.
SELECT to_char(to_timestamp(("issuedMjdTai" - 40587) * 86400) AT TIME ZONE 'UTC', 'YYYY-MM') AS "month",
       count(*) AS "alerts",
       sum("sizeBytes")::bigint AS "bytes",
       sum(octet_length("packet"))::bigint AS "storedBytes"
FROM ledger."Alert"
GROUP BY 1
ORDER BY 1
