"""Holds the crosswalk of a replay against the truth of its reprocessing, and follows every alert, for tools/replay."""
from collections import Counter, namedtuple
from pathlib import Path

import pyarrow.parquet as pq

Agreement = namedtuple("Agreement", "right total fraction first")
Lost = namedtuple("Lost", "total count")


def newest_crosswalk(cursor):
    """The crosswalk that holds: the newest."""
    cursor.execute('SELECT "crosswalk" FROM skyledger."Crosswalk" ORDER BY "crosswalk" DESC LIMIT 1')
    return cursor.fetchone()[0]


def sources(connection, reprocessed):
    """How many sources of the reprocessed visits became what the script made of them."""
    table = pq.read_table(Path(reprocessed) / "truth/sources.parquet").to_pydict()
    truth = list(zip(table["oldDiaSourceId"], table["newDiaSourceId"]))
    with connection.cursor() as cursor:
        crosswalk = newest_crosswalk(cursor)
        cursor.execute('SELECT "oldDiaSourceId", "newDiaSourceId" FROM skyledger."CrosswalkSource" WHERE "crosswalk" = %s', (crosswalk,))
        found = set(cursor.fetchall())
    wrong = [pair for pair in truth if pair not in found]
    return Agreement(len(truth) - len(wrong), len(truth), 1 - len(wrong) / max(len(truth), 1), wrong[0] if wrong else None)


def objects(connection, reprocessed):
    """A sentence: what the script's objects were called, and how often the crosswalk's were."""
    made = Counter(pq.read_table(Path(reprocessed) / "truth/objects.parquet")["kind"].to_pylist())
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT "kind", count(DISTINCT "oldDiaObjectId") FROM skyledger."CrosswalkObject" WHERE "crosswalk" = %s GROUP BY 1 ORDER BY 1',
            (newest_crosswalk(cursor),))
        found = dict(cursor.fetchall())
    return f"objects of the truth: {dict(made)}; old objects of the crosswalk: {found}"


def lost_alerts(connection):
    """Every alert's source must stand in the crosswalk, with a new one or as vanished, or be in both generations under its own number."""
    with connection.cursor() as cursor:
        crosswalk = newest_crosswalk(cursor)
        cursor.execute('SELECT "fromGeneration", "toGeneration" FROM skyledger."Crosswalk" WHERE "crosswalk" = %s', (crosswalk,))
        new = f"l1_{cursor.fetchone()[1]:04d}"
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"""SELECT count(*), count(*) FILTER (WHERE c."oldDiaSourceId" IS NULL AND b."diaSourceId" IS NULL)
                FROM ledger."Alert" AS a
                LEFT JOIN skyledger."CrosswalkSource" AS c ON c."crosswalk" = %s AND c."oldDiaSourceId" = a."diaSourceId"
                LEFT JOIN {new}."DiaSource" AS b ON b."diaSourceId" = a."diaSourceId" AND c."oldDiaSourceId" IS NULL""", (crosswalk,))
        return Lost(*cursor.fetchone())

