-- Mean bytes of a row in its page, rounded up to where the next may begin, of a sample of pages; the same pages each time.
SELECT avg((pg_column_size(t.*) + 7) / 8 * 8)::double precision AS "width"
FROM {table} AS t TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)
