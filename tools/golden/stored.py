"""Compares the DiaSource rows of an instance with the Parquet files that they were loaded from, by pyarrow and psycopg2.

    stored.py SOCKET_FOLDER FILE...     prints the number of rows and columns compared; ends with 1 at the first difference

Columns that both have must be equal, value by value; what a file writes as 0 for "no SSObject" is null in the database, and diaObjectId and
pixelId are the database's own to decide.
"""
import math
import struct
import sys

import psycopg2
import pyarrow.parquet as pq

socket, files = sys.argv[1], sys.argv[2:]
cursor = psycopg2.connect(host=socket, user="skyledger_reader", dbname="skyledger").cursor()
cursor.execute('SELECT * FROM apdb."DiaSource"')
names = [d[0] for d in cursor.description]
single = {d[0] for d in cursor.description if d[1] == 700}
stored = {row[names.index("diaSourceId")]: row for row in cursor}


def same(name, a, b):
    """Whether a file's value is the stored one."""
    if name == "ssObjectId" and a == 0:
        a = None
    if a is None or b is None:
        return a is b
    if isinstance(a, float) and isinstance(b, float):
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) and math.isnan(b)
        if name in single:
            a, b = (struct.unpack("f", struct.pack("f", x))[0] for x in (a, b))
    return a == b


rows, compared = set(), set()
for file in files:
    table = pq.read_table(file)
    for row in table.to_pylist():
        mine = stored[row["diaSourceId"]]
        rows.add(row["diaSourceId"])
        for name, value in row.items():
            if name not in names or name in ("diaObjectId", "pixelId"):
                continue
            compared.add(name)
            if not same(name, value, mine[names.index(name)]):
                sys.exit(f"{file}: diaSourceId {row['diaSourceId']} {name} is {value!r} in the file and {mine[names.index(name)]!r} stored")
if rows != set(stored):
    sys.exit(f"{len(stored)} rows are stored and {len(rows)} are in the files")
print(f"{len(rows)} rows, {len(compared)} columns")
