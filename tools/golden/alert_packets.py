"""Holds alerts of an instance against its tables, by zstandard, fastavro, lsst-alert-packet, psycopg2 and numpy.

    alert_packets.py SOCKET_FOLDER N SEED      N alerts of kind visit at random; prints what was compared, ends with 1 at the first difference

Each packet is decoded by fastavro with the ledger's schema and by lsst-alert-packet with its own, and encoded again by fastavro, byte for byte.
Its records are held against the tables as they were when the visit-detector was stored: the source, the version of its object that began then,
the sources and forced sources of the object in the twelve months before, from what had been stored by then, and the visits that covered the
object and recorded nothing. Sources that another object took or gave away later are looked up in UpdateRecord.
"""
import hashlib
import io
import json
import math
import random
import struct
import sys

import fastavro
import lsst.alert.packet
import numpy as np
import psycopg2
import zstandard

socket, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# Twelve months of thirty days, as dax_apdb counts them.
DAYS = 12 * 30
connection = psycopg2.connect(host=socket, user="skyledger_reader", dbname="skyledger")
cursor = connection.cursor()


def query(sql, *values):
    cursor.execute(sql, values)
    names = [d[0] for d in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def microseconds(value):
    return int(round(value.timestamp() * 1e6)) if hasattr(value, "timestamp") else value


def same(field, packet, stored, zero_is_null):
    stored = microseconds(stored)
    if hasattr(packet, "timestamp"):
        packet = microseconds(packet)
    if zero_is_null and stored is None:
        return packet == 0
    if packet is None or stored is None:
        return packet is stored
    if isinstance(packet, float) and isinstance(stored, float):
        if math.isnan(packet) or math.isnan(stored):
            return math.isnan(packet) and math.isnan(stored)
        return packet == stored or np.float32(packet) == np.float32(stored) and field in singles
    return packet == stored


singles = {r["column_name"] for r in query(
    "SELECT DISTINCT column_name FROM information_schema.columns WHERE data_type = 'real'")}
values = 0


def compare(what, record, row, zeros=()):
    global values
    for field, value in record.items():
        if field not in row:
            continue
        values += 1
        if not same(field, value, row[field], field in zeros):
            sys.exit(f"{what}: {field} is {value!r} in the packet and {row[field]!r} in the database")


def vector(ra, dec):
    ra, dec = np.radians(ra), np.radians(dec)
    return np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)]).T


def covers(region, point):
    kind, _, rest = region.partition(" ")
    corners = vector(*np.array([[float(x) for x in c.split()] for c in rest.split(",")]).T) if kind == "polygon" else None
    if kind == "circle":
        ra, dec, radius = map(float, rest.split())
        return float(vector(ra, dec) @ point) >= math.cos(math.radians(radius))
    normals = np.cross(corners, np.roll(corners, -1, axis=0))
    if normals.sum(axis=0) @ corners.mean(axis=0) < 0:
        normals = -normals
    return bool((normals @ point >= -1e-15).all())


schemas = {r["schemaId"]: r["text"] for r in query('SELECT "schemaId", "text" FROM ledger."Schema"')}
parsed = {i: fastavro.parse_schema(json.loads(t)) for i, t in schemas.items()}
dictionaries = {r["dictionaryId"]: zstandard.ZstdCompressionDict(bytes(r["bytes"])) for r in query(
    'SELECT "dictionaryId", "bytes" FROM ledger."Dictionary"')}
ids = [r["alertId"] for r in query('SELECT "alertId" FROM ledger."Alert" WHERE "kind" = %s ORDER BY 1', "visit")]
print(f"{len(ids)} alerts")
random.seed(seed)
chosen = random.sample(ids, min(count, len(ids)))
visits = query('SELECT * FROM apdb."VisitDetector"')
at = {(v["visit"], v["detector"]): v for v in visits}
histories = limits = solar = 0
for alert in chosen:
    row = query('SELECT * FROM ledger."Alert" WHERE "alertId" = %s', alert)[0]
    dictionary = dictionaries.get(row["dictionaryId"])
    packet = zstandard.ZstdDecompressor(dict_data=dictionary).decompress(bytes(row["packet"]))
    if hashlib.sha256(packet).digest() != bytes(row["sha256"]):
        sys.exit(f"alert {alert}: its SHA-256 differs")
    zero, number = struct.unpack(">bI", packet[:5])
    if zero != 0 or number != row["schemaId"]:
        sys.exit(f"alert {alert}: its frame says schema {number}")
    schema = parsed[number]
    record = fastavro.schemaless_reader(io.BytesIO(packet[5:]), schema)
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema, record)
    if out.getvalue() != packet[5:]:
        sys.exit(f"alert {alert}: fastavro encodes it otherwise")
    version = number % 1000000
    theirs = lsst.alert.packet.Schema.from_file(
        lsst.alert.packet.schema.get_schema_path(version // 100, version % 100) + f"/lsst.v{version // 100}_{version % 100}.alert.avsc")
    own = theirs.deserialize(packet[5:])
    if any(repr(own[name]) != repr(record[name]) for name in own):
        sys.exit(f"alert {alert}: lsst-alert-packet reads it otherwise")

    source = record["diaSource"]
    visit = at[source["visit"], source["detector"]]
    time, stored = visit["midpointMjdTai"], visit["storedAt"]
    now = query('SELECT * FROM apdb."DiaSource" WHERE "diaSourceId" = %s', alert)[0]
    changed = query('SELECT 1 FROM apdb."UpdateRecord" WHERE "diaSourceId" = %s', alert)
    compare(f"alert {alert}", {k: v for k, v in source.items() if not (changed and k in ("diaObjectId", "ssObjectId"))}, now,
            ("diaObjectId", "ssObjectId"))
    if source["diaObjectId"] == 0:
        solar += 1
        if record["diaObject"] or record["prvDiaSources"] or record["prvDiaForcedSources"]:
            sys.exit(f"alert {alert}: an object of the solar system comes with a DiaObject")
        if record["ssSource"]:
            compare(f"alert {alert} ssSource", record["ssSource"], query('SELECT * FROM apdb."SSSource" WHERE "diaSourceId" = %s', alert)[0])
        continue
    thing = record["diaObject"]
    began = query('SELECT * FROM apdb."DiaObject" WHERE "diaObjectId" = %s AND "validityStartMjdTai" = %s', thing["diaObjectId"],
                  thing["validityStartMjdTai"])
    if len(began) != 1 or not -1e-9 <= thing["validityStartMjdTai"] - visit["processedMjdTai"] < 1e-4:
        sys.exit(f"alert {alert}: its DiaObject is not the version that began with visit {source['visit']}")
    compare(f"alert {alert} diaObject", thing, began[0])

    def history(table):
        key = "diaSourceId" if table == "DiaSource" else "diaForcedSourceId"
        others = "" if table == "DiaForcedSource" else """AND NOT (s."visit" = %(visit)s AND s."detector" = %(detector)s)
            AND NOT EXISTS (SELECT FROM apdb."UpdateRecord" AS u WHERE u."diaSourceId" = s."diaSourceId"
                            AND u."updateMjdTai" > %(processed)s + 1e-9)"""
        cursor.execute(f"""
            SELECT s.* FROM apdb."{table}" AS s JOIN apdb."VisitDetector" AS v USING ("visit", "detector")
            WHERE s."diaObjectId" = %(object)s AND s."midpointMjdTai" > %(time)s - {DAYS} AND s."midpointMjdTai" <= %(time)s
              AND v."storedAt" <= %(stored)s {others}
            ORDER BY s."midpointMjdTai", s."{key}" """, dict(
            object=thing["diaObjectId"], time=time, stored=stored, visit=source["visit"], detector=source["detector"],
            processed=visit["processedMjdTai"]))
        names = [d[0] for d in cursor.description]
        return [dict(zip(names, r)) for r in cursor]

    for name, table in (("prvDiaSources", "DiaSource"), ("prvDiaForcedSources", "DiaForcedSource")):
        rows, sent = history(table), record[name] or []
        if len(rows) != len(sent):
            sys.exit(f"alert {alert}: {len(sent)} {name} are in the packet and {len(rows)} in the database")
        for a, b in zip(sent, rows):
            compare(f"alert {alert} {name}", a, b)
        histories += len(rows)
    if "prvDiaNondetectionLimits" in record:
        point = vector(thing["ra"], thing["dec"])
        recorded = {(s["visit"], s["detector"]) for s in (record["prvDiaSources"] or []) + record["prvDiaForcedSources"]}
        expected = sorted(
            (v["midpointMjdTai"], v["visit"], v["detector"], v["band"], v["diaNoise"]) for v in visits
            if time - DAYS < v["midpointMjdTai"] <= time and v["storedAt"] < stored and (v["visit"], v["detector"]) not in recorded
            and covers(v["region"], point))
        sent = [(x["midpointMjdTai"], x["visit"], x["detector"], x["band"], x["diaNoise"]) for x in record["prvDiaNondetectionLimits"]]
        if [x[:4] for x in sent] != [x[:4] for x in expected] or any(
                a[4] is None != (b[4] is None) or a[4] is not None and np.float32(a[4]) != np.float32(b[4]) for a, b in zip(sent, expected)):
            sys.exit(f"alert {alert}: its upper limits are {sent} and should be {expected}")
        limits += len(sent)
        if record["isLate"] != row["isLate"] or record["queriedMjdTai"] != row["queriedMjdTai"]:
            sys.exit(f"alert {alert}: packet and ledger disagree on its times")
print(f"{len(chosen)} compared: {values} values, {histories} rows of history, {limits} upper limits, {solar} of the solar system")
