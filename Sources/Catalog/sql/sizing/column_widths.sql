-- Mean bytes of values that are there, and share of nulls, of each column in a sample of pages; the same pages each time.
SELECT {expressions}
FROM {table} TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)
