-- Mean bytes of an object version by the night of its newest source, in a sample of pages; the same pages each time.
SELECT floor(o."lastDiaSourceMjdTai" - 16.0 / 24)::bigint AS "night",
       avg(pg_column_size(o.*))::double precision AS "width",
       count(*) AS "rows"
FROM {generation}."DiaObject" AS o TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)
WHERE o."lastDiaSourceMjdTai" IS NOT NULL
GROUP BY 1
ORDER BY 1
