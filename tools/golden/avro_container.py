"""Reads an Avro object container (Apache Avro 1.11 specification) into python values, with the schema that the file carries."""

import json
import struct
import zlib


class Reader:
    def __init__(self, data, names=None):
        self.data, self.at, self.names = data, 0, {} if names is None else names

    def take(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def long(self):
        shift = value = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                return (value >> 1) ^ -(value & 1)
            shift += 7

    def blocks(self, one):
        while count := self.long():
            if count < 0:
                count, _ = -count, self.long()
            for _ in range(count):
                yield one()

    def value(self, schema):
        if isinstance(schema, list):
            return self.value(schema[self.long()])
        kind = schema["type"] if isinstance(schema, dict) else schema
        if isinstance(kind, (dict, list)):
            return self.value(kind)
        if isinstance(schema, dict) and "name" in schema:
            self.names[schema["name"]] = schema
            if "namespace" in schema:
                self.names[schema["namespace"] + "." + schema["name"]] = schema
        if kind == "record":
            return {field["name"]: self.value(field["type"]) for field in schema["fields"]}
        if kind == "array":
            return list(self.blocks(lambda: self.value(schema["items"])))
        if kind == "map":
            return dict(self.blocks(lambda: (self.value("string"), self.value(schema["values"]))))
        if kind == "null":
            return None
        if kind == "boolean":
            return self.take(1) != b"\0"
        if kind in ("int", "long"):
            return self.long()
        if kind in ("float", "double"):
            return struct.unpack("<f" if kind == "float" else "<d", self.take(4 if kind == "float" else 8))[0]
        if kind in ("bytes", "string"):
            raw = self.take(self.long())
            return raw.decode() if kind == "string" else raw
        if kind == "enum":
            return schema["symbols"][self.long()]
        if kind == "fixed":
            return self.take(schema["size"])
        return self.value(self.names[kind])


def rows(path):
    with open(path, "rb") as file:
        reader = Reader(file.read())
    assert reader.take(4) == b"Obj\1", "no Avro container"
    facts = reader.value({"type": "map", "values": "bytes"})
    schema, codec = json.loads(facts["avro.schema"]), facts.get("avro.codec", b"null")
    reader.take(16)
    while reader.at < len(reader.data):
        count, size = reader.long(), reader.long()
        block = reader.take(size)
        inner = Reader(zlib.decompress(block, -15) if codec == b"deflate" else block)
        for _ in range(count):
            yield inner.value(schema)
        reader.take(16)
