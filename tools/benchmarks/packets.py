"""What the reference's way costs for the packets of a ledger: encoded by fastavro, hashed, compressed by gzip as its archive keeps them.

    packets.py SOCKET_FOLDER [N]     prints one line of JSON; nothing is stored, one thread as a packager has
"""
import gzip
import hashlib
import io
import json
import sys
import time

import fastavro
import psycopg2
import zstandard

count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
cursor = psycopg2.connect(host=sys.argv[1], user="skyledger_reader", dbname="skyledger").cursor()
cursor.execute('SELECT "schemaId", "text" FROM ledger."Schema"')
schemas = {i: fastavro.parse_schema(json.loads(text)) for i, text in cursor}
cursor.execute("SELECT \"packet\", \"schemaId\" FROM ledger.\"Alert\" WHERE \"kind\" = 'visit' AND \"generation\" < 9 LIMIT %s", (count,))
packets = [(zstandard.ZstdDecompressor().decompress(bytes(p)), schemas[i]) for p, i in cursor]
values = [(fastavro.schemaless_reader(io.BytesIO(p[5:]), s), s) for p, s in packets]
begun = time.perf_counter()
encoded = []
for value, schema in values:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema, value)
    encoded.append(out.getvalue())
packed = time.perf_counter()
for body in encoded:
    hashlib.sha256(body).digest()
hashed = time.perf_counter()
size = sum(len(gzip.compress(body)) for body in encoded)
ended = time.perf_counter()
if any(a != p[5:] for a, (p, _) in zip(encoded, packets)):
    sys.exit("fastavro encodes otherwise")
n = len(packets)
print(json.dumps({
    "name": "fastavro_gzip", "alerts": n, "packet_bytes": sum(map(len, encoded)) / n, "alerts_per_second": n / (ended - begun),
    "pack_seconds_per_10000": (packed - begun) / n * 1e4, "hash_seconds_per_10000": (hashed - packed) / n * 1e4,
    "compress_seconds_per_10000": (ended - hashed) / n * 1e4, "compressed_ratio": sum(map(len, encoded)) / size}))
