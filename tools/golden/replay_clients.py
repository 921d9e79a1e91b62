"""Clients that query an instance all the time, for tools/replay: what they waited, what failed, and what no one generation would have said."""
import random
import threading
import time
from collections import namedtuple
from pathlib import Path

import psycopg2

Query = namedtuple("Query", "begin end seconds kind")

# Sums over a generation that agree whatever it holds: every source that stands in an object is counted by it, in one statement.
SUMS = """SELECT (SELECT coalesce(sum("nDiaSources"), 0) FROM "DiaObject" WHERE "validityEndMjdTai" IS NULL),
                 (SELECT count(*) FROM "DiaSource" WHERE "diaObjectId" IS NOT NULL)"""
CURVE = """SELECT o."diaObjectId", o."nDiaSources", count(s."diaSourceId"),
                  count(*) FILTER (WHERE s."diaSourceId" IS NOT NULL AND abs(s."ra" - o."ra") * cos(radians(o."dec")) > 5.0 / 3600)
           FROM "DiaObjectLast" AS o LEFT JOIN "DiaSource" AS s ON s."diaObjectId" = o."diaObjectId"
           WHERE o."diaObjectId" = (SELECT "diaObjectId" FROM "DiaObjectLast" WHERE "pixelId" >= %s ORDER BY "pixelId" LIMIT 1)
           GROUP BY 1, 2"""


def connect(directory):
    """A connection as a reader; waiting for a lock more than 100 ms is an error."""
    # The fifth line of the server's lock file is where its socket is.
    socket = (Path(directory) / "postgres/data/postmaster.pid").read_text().splitlines()[4]
    connection = psycopg2.connect(host=socket, user="skyledger_reader", dbname="skyledger", application_name="replay")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = apdb, skyledger, public; SET lock_timeout = '100ms'; SET default_transaction_read_only = on")
    return connection


class Pool:
    """Clients in threads of their own; each asks one kind of thing after the other, without a pause."""

    def __init__(self, directory, count, seed):
        self.directory, self.clients, self.seed = directory, count, seed
        self.errors, self.mixed, self._timings = [], [], [[] for _ in range(count)]
        self._stopping, self._threads = threading.Event(), []
        # Odd while a rollback is under way: it leaves out what was stored since the publication, until that is caught up.
        self.rollbacks = 0
        # Queries that ran for more than 100 ms, with what they waited for.
        self.waits = []

    def connect(self):
        return connect(self.directory)

    def start(self):
        for number in range(self.clients):
            thread = threading.Thread(target=self._run, args=(number,), daemon=True)
            self._threads.append(thread)
            thread.start()

        watcher = threading.Thread(target=self._watch, daemon=True)
        self._threads.append(watcher)
        watcher.start()

    def _watch(self):
        """Looks every 50 ms for queries of the clients that run long, and for times at which it was not let run itself."""
        connection = self.connect()
        while not self._stopping.is_set():
            began = time.time()
            with connection.cursor() as cursor:
                cursor.execute(
                    """SELECT coalesce("wait_event_type" || ' ' || "wait_event", 'running'), left("query", 40) FROM pg_stat_activity
                       WHERE "application_name" = 'replay' AND "state" = 'active' AND "pid" <> pg_backend_pid()
                         AND clock_timestamp() - "query_start" > interval '100 ms'""")
                self.waits += [(began, event, query) for event, query in cursor.fetchall()]
            if time.time() - began > 0.1:
                self.waits.append((began, f"the watcher itself took {1000 * (time.time() - began):.0f} ms", ""))
            time.sleep(0.05)
        connection.close()

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def timings(self):
        return [q for part in self._timings for q in part]

    @property
    def count(self):
        return sum(len(part) for part in self._timings)

    def _run(self, number):
        rng = random.Random(self.seed * 100 + number)
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute('PREPARE visits AS SELECT count(*), count(DISTINCT "visit") FROM apdb."VisitDetector"')
        newest = (0, 0)
        while not self._stopping.is_set():
            kind = ("curve", "visits", "curve", "sums" if number == 0 else "curve")[rng.randrange(4)]
            rollbacks = self.rollbacks
            begin = time.time()
            started = time.perf_counter()
            try:
                with connection.cursor() as cursor:
                    if kind == "visits":
                        # One name, looked up in apdb: visits never become fewer, whichever generation it is.
                        cursor.execute("EXECUTE visits")
                        rows = cursor.fetchall()
                    else:
                        rows = self._pinned(cursor, SUMS if kind == "sums" else CURVE, () if kind == "sums" else (rng.randrange(2**44),))
            except psycopg2.Error as error:
                self.errors.append(f"client {number}, {kind}: {' '.join(str(error).split())}")
                if connection.closed:
                    connection = self.connect()
                    with connection.cursor() as cursor:
                        cursor.execute('PREPARE visits AS SELECT count(*), count(DISTINCT "visit") FROM apdb."VisitDetector"')
                continue
            seconds = time.perf_counter() - started
            self._timings[number].append(Query(begin, begin + seconds, seconds, kind))
            newest = self._judge(number, kind, rows, newest, rollbacks)
            time.sleep(0.002)
        connection.close()

    @staticmethod
    def _pinned(cursor, statement, values):
        """As `skyledger sql` does: names are those of the generation that is current when the transaction begins."""
        cursor.execute("BEGIN READ ONLY")
        try:
            cursor.execute("SELECT \"schemaName\" FROM skyledger.\"Generation\" WHERE \"state\" = 'current'")
            cursor.execute(f'SET LOCAL search_path = "{cursor.fetchone()[0]}", apdb, skyledger, public')
            cursor.execute(statement, values)
            return cursor.fetchall()
        finally:
            cursor.execute("ROLLBACK")

    def _judge(self, number, kind, rows, newest, rollbacks):
        if kind == "sums" and rows[0][0] != rows[0][1]:
            self.mixed.append(f"objects count {rows[0][0]} sources and {rows[0][1]} have objects")
        if kind == "curve":
            for identifier, said, found, far in rows:
                if said != found or far:
                    self.mixed.append(f"DiaObject {identifier} says {said} sources and has {found}, {far} of them elsewhere")
        if kind == "visits":
            # What was asked during a rollback may be of either generation.
            if rows[0][0] < newest[0] and self.rollbacks == newest[1] and newest[1] % 2 == 0:
                self.mixed.append(f"client {number} saw {newest[0]} visit-detectors and then {rows[0][0]}")
            return rows[0][0], rollbacks
        return newest
