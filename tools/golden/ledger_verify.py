"""Verifies a ledger of alerts without any of SkyLedger's code, from the layout that Sources/Alerts/Ledger documents.

    ledger_verify.py CONNECTION [--receipt "skyledger-receipt-1 NUMBER LINK"]

CONNECTION is a libpq URL or keyword string. Prints a JSON object with alerts, batches, newest and faults; exits with 1 where there are faults.
Needs psycopg2 and zstandard (tools/python-packages.txt).
"""

import argparse
import hashlib
import json
import struct
import sys

import psycopg2
import zstandard

ORIGIN = bytes(32)


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def optional(form, value):
    return b"\0" if value is None else b"\1" + struct.pack(form, value)


def leaf(row, size, digest):
    return sha256(
        b"\0",
        struct.pack(">q", row["alertId"]),
        optional(">q", row["diaSourceId"]),
        optional(">q", row["diaObjectId"]),
        optional(">q", row["ssObjectId"]),
        struct.pack(">ddq", row["ra"], row["dec"], row["pixelId"]),
        optional(">d", row["queriedMjdTai"]),
        struct.pack(">?ii", row["isLate"], row["schemaId"], size),
        digest,
    )


def header(batch):
    kind = batch["kind"].encode()
    return (
        b"skyledger-batch-1"
        + struct.pack(">qqiqii", *(batch[k] for k in ("number", "batchId", "generation", "visit", "detector", "count")))
        + struct.pack(">di", batch["issuedMjdTai"], len(kind))
        + kind
    )


def root(leaves):
    """RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1", root(leaves[:k]), root(leaves[k:]))


def rows(cursor, sql, values=()):
    cursor.execute(sql, values)
    for row in cursor:
        # A cursor of the server's knows its columns only once it gave a row.
        yield {d.name: bytes(v) if isinstance(v, memoryview) else v for d, v in zip(cursor.description, row)}


class Verification:
    def __init__(self, connection):
        self.connection = connection
        with connection.cursor() as cursor:
            self.readers = {None: zstandard.ZstdDecompressor()}
            for row in rows(cursor, 'SELECT "dictionaryId", "bytes" FROM ledger."Dictionary"'):
                dictionary = zstandard.ZstdCompressionDict(row["bytes"])
                self.readers[row["dictionaryId"]] = zstandard.ZstdDecompressor(dict_data=dictionary)
        self.alerts = 0
        self.faults = []

    def fault(self, message):
        self.faults.append(message)

    def batch(self, batch):
        name = f"batch {batch['number']}"
        manifest = batch["manifest"]
        leaves = [manifest[i + 8 : i + 40] for i in range(0, len(manifest), 40)]
        if len(leaves) != batch["count"] or root(leaves) != batch["root"]:
            self.fault(f"{name}: root")
        with self.connection.cursor() as cursor:
            found = list(
                rows(cursor, 'SELECT * FROM ledger."Alert" WHERE "batchId" = %s ORDER BY "place"', (batch["batchId"],))
            )
        if [row["place"] for row in found] != list(range(batch["count"])):
            self.fault(f"{name}: places")
        for row in found:
            self.alerts += 1
            subject = f"{name}: alert {row['alertId']}"
            try:
                packet = self.readers[row["dictionaryId"]].decompress(row["packet"])
            except (KeyError, zstandard.ZstdError):
                self.fault(f"{subject}: frame")
                continue
            digest = sha256(packet)
            if digest != row["sha256"] or len(packet) != row["sizeBytes"]:
                self.fault(f"{subject}: SHA-256")
            if any(row[k] != batch[k] for k in ("generation", "visit", "detector", "kind", "issuedMjdTai")):
                self.fault(f"{subject}: header")
            if row["place"] >= len(leaves) or leaf(row, len(packet), digest) != leaves[row["place"]]:
                self.fault(f"{subject}: leaf")

    def run(self, receipt):
        number, link = 0, ORIGIN
        last = None
        with self.connection.cursor("batches") as cursor:
            for batch in rows(cursor, 'SELECT * FROM ledger."Batch" ORDER BY "number"'):
                if batch["number"] != number + 1:
                    self.fault(f"batch {number + 1}: missing")
                if batch["previousLink"] != link:
                    self.fault(f"batch {batch['number']}: does not continue")
                if sha256(batch["previousLink"], batch["root"], header(batch)) != batch["link"]:
                    self.fault(f"batch {batch['number']}: link")
                self.batch(batch)
                number, link = batch["number"], batch["link"]
                last = {"number": number, "link": link.hex()}
                if receipt and receipt[0] == number and receipt[1] != link.hex():
                    self.fault(f"batch {number}: not the receipt's")
        if receipt and receipt[0] > number:
            self.fault(f"batch {number + 1}: missing, by the receipt")
        with self.connection.cursor() as cursor:
            strays = 'SELECT "alertId" FROM ledger."Alert" WHERE "batchId" NOT IN (SELECT "batchId" FROM ledger."Batch")'
            for row in rows(cursor, strays):
                self.fault(f"alert {row['alertId']}: no batch")
        return {"alerts": self.alerts, "batches": number, "newest": last, "faults": self.faults}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("connection")
    parser.add_argument("--receipt")
    arguments = parser.parse_args()
    receipt = None
    if arguments.receipt:
        _, number, link = arguments.receipt.split()
        receipt = (int(number), link)
    with psycopg2.connect(arguments.connection) as connection:
        connection.set_session(readonly=True, isolation_level="REPEATABLE READ")
        report = Verification(connection).run(receipt)
    json.dump(report, sys.stdout, sort_keys=True)
    print()
    sys.exit(1 if report["faults"] else 0)


if __name__ == "__main__":
    main()
