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


def chain(cursor):
    """The newest crosswalk of each release, in the order of generations: the way from the first generation to the last."""
    cursor.execute('SELECT max("crosswalk") FROM skyledger."Crosswalk" GROUP BY "fromGeneration", "toGeneration" ORDER BY "fromGeneration"')
    return [row[0] for row in cursor.fetchall()]


def followed(cursor):
    """Pairs of a source of the first generation and what it is in the last: None where it vanished, or was added on the way."""
    pairs = None
    for crosswalk in chain(cursor):
        cursor.execute('SELECT "oldDiaSourceId", "newDiaSourceId" FROM skyledger."CrosswalkSource" WHERE "crosswalk" = %s', (crosswalk,))
        rows = cursor.fetchall()
        if pairs is None:
            pairs = set(rows)
            continue
        step = {old: new for old, new in rows if old is not None}
        # A source without a row keeps its number.
        pairs = {(old, None if new is None else step.get(new, new)) for old, new in pairs}
        pairs |= {(None, new) for old, new in rows if old is None}
    return pairs or set()


def sources(connection, reprocessed):
    """How many sources of the reprocessed visits became what the script made of them."""
    table = pq.read_table(Path(reprocessed) / "truth/sources.parquet").to_pydict()
    truth = list(zip(table["oldDiaSourceId"], table["newDiaSourceId"]))
    with connection.cursor() as cursor:
        found = followed(cursor)
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
    """Every alert's source must come to an end through the crosswalks, in the last generation or as vanished, or be there under its own number."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        known = {old: new for old, new in followed(cursor) if old is not None}
        cursor.execute('SELECT "schemaName" FROM skyledger."Generation" WHERE "state" = \'current\'')
        cursor.execute(f'SELECT "diaSourceId" FROM {cursor.fetchone()[0]}."DiaSource"')
        present = {row[0] for row in cursor.fetchall()}
        cursor.execute('SELECT "diaSourceId" FROM ledger."Alert"')
        alerts = [row[0] for row in cursor.fetchall()]
    lost = sum(1 for source in alerts if not (known.get(source, source) is None or known.get(source, source) in present))
    return Lost(len(alerts), lost)
