"""Speed of pyarrow's read_table, and the file of 200 visits that both are measured on.

    parquet.py WORKLOAD WIDE     writes WIDE, prints one line of JSON a file
"""
import glob
import json
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq

workload, wide = sys.argv[1:]
files = sorted(glob.glob(f"{workload}/visit_*.parquet"))
pq.write_table(pa.concat_tables(pq.read_table(f) for f in files[:200]), wide, compression="snappy")
for path in (files[0], wide):
    best, rows = 1e9, 0
    for _ in range(7):
        start = time.perf_counter()
        rows = pq.read_table(path).num_rows
        best = min(best, time.perf_counter() - start)
    print(json.dumps({"name": "pyarrow", "rows": rows, "seconds": best, "rowsPerSecond": rows / best}))
