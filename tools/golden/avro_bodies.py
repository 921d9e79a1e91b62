"""SHA-256 of each record of Avro containers, as fastavro reads it and encodes it again: one line a record, in the order given.

    avro_bodies.py CONTAINER...
"""

import hashlib
import io
import sys

import fastavro

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        reader = fastavro.reader(file)
        for record in reader:
            body = io.BytesIO()
            fastavro.schemaless_writer(body, reader.writer_schema, record)
            print(hashlib.sha256(body.getvalue()).hexdigest())
