"""Speed of fastavro on the values of a container: decoded into dictionaries, and encoded again. The same file goes to
`skyledger-bench avro CONTAINER` and to avro.c (avro-c).

    avro.py CONTAINER     prints two lines of JSON
"""
import io
import json
import sys
import time

import fastavro

with open(sys.argv[1], "rb") as file:
    reader = fastavro.reader(file)
    schema = fastavro.parse_schema(reader.writer_schema)
    values = list(reader)


def encode(value):
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema, value)
    return out.getvalue()


def best(work):
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


bodies = [encode(value) for value in values]
size = sum(map(len, bodies))
for name, work in (
    ("fastavro decode", lambda: [fastavro.schemaless_reader(io.BytesIO(body), schema, None) for body in bodies]),
    ("fastavro encode", lambda: [encode(value) for value in values]),
):
    seconds = best(work)
    print(json.dumps({"name": name, "bytes": size, "seconds": seconds, "megabytesPerSecond": size / seconds / 1e6}))
