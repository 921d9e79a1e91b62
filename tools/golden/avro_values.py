"""Values and bytes of fastavro, for the tests of the Avro codec. Output: chunks, each a length (4 bytes, lowest first) and its bytes.

    avro_values.py random OUT SEED COUNT     COUNT random schemas, each: schema, canonical form, fingerprint, 8 pairs of bytes and tokens
    avro_values.py read OUT FILE [SCHEMA]    tokens of each value of a container, or of the one value behind a Confluent header
    avro_values.py recode OUT FILE [SCHEMA]  the file's values decoded and encoded by fastavro: bytes of each value
    avro_values.py resolve OUT FILE WRITER READER...   tokens of the framed value, read by each other schema; empty where fastavro refuses
    avro_values.py sample OUT SCHEMA JSON    a value in plain JSON, encoded
    avro_values.py canonical OUT SCHEMA...   canonical form and fingerprint of each schema file
    avro_values.py folder                    prints the folder of lsst-alert-packet's schemas

Tokens tell a value and its branches in one line; Tests/AlertsTests/AvroTokens.swift makes the same from a decoded value.
"""

import io
import json
import random
import struct
import sys

import fastavro
import fastavro.schema

# Values as they are stored, not dates made of them.
fastavro.read.LOGICAL_READERS.clear()
PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]


def chunk(out, data):
    data = data.encode() if isinstance(data, str) else data
    out.write(struct.pack("<I", len(data)) + data)


def tokens(schema, value, names):
    """Walks schema and value side by side; a branch is told by a tuple (branch, value), or by None against not None."""
    if isinstance(schema, list):
        if isinstance(value, tuple):
            branch, value = value
        else:
            branch = next(i for i, s in enumerate(schema) if (s == "null") == (value is None))
        return f"u{branch} " + tokens(schema[branch], value, names)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if isinstance(kind, (dict, list)):
        return tokens(kind, value, names)
    if kind in names and kind not in PRIMITIVES:
        return tokens(names[kind], value, names)
    if kind == "null":
        return "n"
    if kind == "boolean":
        return "t" if value else "f"
    if kind in ("int", "long"):
        return f"i{value}"
    if kind == "float":
        return "r" + struct.pack(">f", value).hex()
    if kind == "double":
        return "d" + struct.pack(">d", value).hex()
    if kind == "string":
        return "s" + value.encode().hex()
    if kind in ("bytes", "fixed"):
        return "b" + bytes(value).hex()
    if kind == "enum":
        return "e" + value
    if kind == "array":
        return "[ " + "".join(tokens(schema["items"], v, names) + " " for v in value) + "]"
    if kind == "map":
        return "( " + "".join(f"{k.encode().hex()}: {tokens(schema['values'], v, names)} " for k, v in value.items()) + ")"
    return "{ " + "".join(tokens(f["type"], value[f["name"]], names) + " " for f in schema["fields"]) + "}"


class Maker:
    """Random schemas and values that fit them."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.names, self.count = {}, 0

    def name(self):
        self.count += 1
        return self.r.choice(["a", "b.c"]), f"N{self.count}"

    def define(self, name, schema):
        """The definition under its full name, or with the namespace beside it."""
        full = ".".join(name)
        self.names[full] = schema
        named = {"name": full} if self.r.random() < 0.5 else {"namespace": name[0], "name": name[1]}
        return {**named, **schema}

    def schema(self, depth, in_union=False):
        r = self.r
        kinds = PRIMITIVES * 2 + ["enum", "fixed", "logical"]
        if depth:
            kinds += ["record"] * 6 + ["array", "map"] * 2 + ([] if in_union else ["union"] * 6)
        if self.names:
            kinds.append("reference")
        kind = r.choice(kinds)
        if kind in PRIMITIVES:
            return kind
        if kind == "reference":
            return r.choice(list(self.names))
        if kind == "logical":
            return r.choice([{"type": "long", "logicalType": "timestamp-micros"}, {"type": "int", "logicalType": "date"},
                             {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}])
        if kind == "enum":
            name = self.name()
            return self.define(name, {"type": "enum", "symbols": [f"S{i}" for i in range(r.randint(1, 70))],
                                      "doc": "Ünïcode \"doc\""})
        if kind == "fixed":
            name = self.name()
            return self.define(name, {"type": "fixed", "size": r.randint(1, 20)})
        if kind == "array":
            return {"type": "array", "items": self.schema(depth - 1)}
        if kind == "map":
            return {"type": "map", "values": self.schema(depth - 1)}
        if kind == "union":
            branches, seen = [], set()
            for _ in range(r.randint(1, 5)):
                held = dict(self.names)
                branch = "null" if r.random() < 0.5 else self.schema(depth - 1, True)
                label = self.label(branch)
                if label in seen:
                    self.names = held
                    continue
                seen.add(label)
                branches.append(branch)
            return branches
        name = self.name()
        fields = [{"name": f"f{i}", "type": self.schema(depth - 1), "doc": "x"} for i in range(r.randint(0, 6))]
        if r.random() < 0.3:
            fields.append({"name": "again", "type": ["null", ".".join(name)], "default": None})
        return self.define(name, {"type": "record", "fields": fields, "aliases": ["old"]})

    def label(self, schema):
        if isinstance(schema, dict):
            return ".".join(schema[k] for k in ("namespace", "name") if k in schema) or schema["type"]
        return schema

    def value(self, schema, names, depth=0):
        """The value as fastavro takes it, and as `tokens` does."""
        r = self.r
        if isinstance(schema, list):
            branch = r.randrange(len(schema))
            if depth > 8 and "null" in schema:
                branch = schema.index("null")
            plain, told = self.value(schema[branch], names, depth + 1)
            return (self.label(schema[branch]), plain), (branch, told)
        kind = schema["type"] if isinstance(schema, dict) else schema
        if kind in names and kind not in PRIMITIVES:
            return self.value(names[kind], names, depth)
        one = {
            "null": lambda: None,
            "boolean": lambda: r.random() < 0.5,
            "int": lambda: r.choice([0, -1, 63, 64, -64, -65, 2**31 - 1, -2**31, r.randint(-2**31, 2**31 - 1)]),
            "long": lambda: r.choice([0, 2**63 - 1, -2**63, r.randint(-2**63, 2**63 - 1), r.randint(-300, 300)]),
            "float": lambda: r.choice([0.0, -0.0, float("nan"), float("inf"), struct.unpack("<f", struct.pack("<f", r.gauss(0, 9)))[0]]),
            "double": lambda: r.choice([0.0, -0.0, float("nan"), float("-inf"), r.gauss(0, 1e9)]),
            "bytes": lambda: r.randbytes(r.choice([0, 1, 63, 64, 200])),
            "string": lambda: r.choice(["", "a", "Ωmega 🌌", "x" * r.randint(0, 90), "nul\0"]),
            "fixed": lambda: r.randbytes(schema["size"]),
            "enum": lambda: r.choice(schema["symbols"]),
        }
        if kind in one:
            value = one[kind]()
            return value, value
        count = 0 if depth > 8 else r.choice([0, 1, 2, 5])
        if kind == "array":
            pairs = [self.value(schema["items"], names, depth + 1) for _ in range(count)]
            return [p[0] for p in pairs], [p[1] for p in pairs]
        if kind == "map":
            pairs = {f"k{i}é": self.value(schema["values"], names, depth + 1) for i in range(count)}
            return {k: p[0] for k, p in pairs.items()}, {k: p[1] for k, p in pairs.items()}
        pairs = {f["name"]: self.value(f["type"], names, depth + 1) for f in schema["fields"]}
        return {k: p[0] for k, p in pairs.items()}, {k: p[1] for k, p in pairs.items()}


def encode(parsed, value):
    raw = io.BytesIO()
    fastavro.schemaless_writer(raw, parsed, value)
    return raw.getvalue()


def make_random(path, seed, count):
    with open(path, "wb") as out:
        for index in range(count):
            maker = Maker(seed * 100_003 + index)
            schema = maker.schema(3)
            text = json.dumps(schema)
            names = {}
            parsed = fastavro.parse_schema(json.loads(text), named_schemas=names)
            form = fastavro.schema.to_parsing_canonical_form(json.loads(text))
            for part in (text, form, fastavro.schema.fingerprint(form, "CRC-64-AVRO")):
                chunk(out, part)
            for _ in range(8):
                plain, told = maker.value(parsed, names)
                chunk(out, encode(parsed, plain))
                chunk(out, tokens(parsed, told, names))


def values(path, schema_path):
    with open(path, "rb") as file:
        if schema_path is None:
            reader = fastavro.reader(file)
            return reader.writer_schema, list(reader)
        schema = fastavro.schema.load_schema(schema_path)
        file.seek(5)
        return schema, [fastavro.schemaless_reader(file, schema, None)]


def resolve(path, framed, writer_path, *reader_paths):
    writer = fastavro.schema.load_schema(writer_path)
    with open(path, "wb") as out:
        for reader_path in reader_paths:
            reader = fastavro.schema.load_schema(reader_path)
            names = {}
            fastavro.parse_schema(reader, named_schemas=names, _force=True)
            with open(framed, "rb") as file:
                file.seek(5)
                try:
                    chunk(out, tokens(reader, fastavro.schemaless_reader(file, writer, reader), names))
                except fastavro.read.SchemaResolutionError:
                    chunk(out, "")


def main():
    mode = sys.argv[1]
    if mode == "folder":
        import importlib.resources

        print(importlib.resources.files("lsst.alert.packet") / "schema")
    elif mode == "resolve":
        resolve(*sys.argv[2:])
    elif mode == "sample":
        with open(sys.argv[2], "wb") as out, open(sys.argv[4]) as file:
            chunk(out, encode(fastavro.schema.load_schema(sys.argv[3]), json.load(file)))
    elif mode == "canonical":
        with open(sys.argv[2], "wb") as out:
            for path in sys.argv[3:]:
                form = fastavro.schema.to_parsing_canonical_form(fastavro.schema.load_schema(path))
                chunk(out, form)
                chunk(out, fastavro.schema.fingerprint(form, "CRC-64-AVRO"))
    elif mode == "random":
        make_random(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        schema, found = values(sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else None)
        names = {}
        parsed = fastavro.parse_schema(schema, named_schemas=names, _force=True)
        with open(sys.argv[2], "wb") as out:
            for value in found:
                chunk(out, tokens(parsed, value, names) if mode == "read" else encode(parsed, value))


main()
