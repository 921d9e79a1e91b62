"""Computes the crosswalk of two generations of an instance anew, by scipy and loops, and holds it against the one that is stored.

    crosswalk_stored.py SOCKET_DIRECTORY CROSSWALK

Sources: within a visit-detector, one to one with the least sum of angles, an old one without partner counting 1.01 arcseconds; pairs are at
most 1 arcsecond wide. Objects: links by shared sources with their counts, weak links (less than a tenth of both, greatest of neither) apart,
then sets that hang together. Objects without shared sources are not judged but for being there. Prints "equal", sources and objects, or
says what differs and ends with 1.
"""

import collections
import sys

import numpy as np
import psycopg2
from scipy.optimize import linear_sum_assignment

RADIUS = 1.0


def fetch(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def sources(connection, generation):
    rows = fetch(
        connection,
        'SELECT "visit", "detector", "diaSourceId", "ra", "dec",'
        ' CASE WHEN "timeWithdrawnMjdTai" IS NULL THEN "diaObjectId" END FROM l1_%04d."DiaSource"' % generation,
    )
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row[:2]].append(row[2:])
    return groups


def match(old, new):
    """Pairs of identifiers with their angles."""
    a = np.radians(np.array([[r[1], r[2]] for r in old], dtype=float).reshape(-1, 2))
    b = np.radians(np.array([[r[1], r[2]] for r in new], dtype=float).reshape(-1, 2))
    h = np.sin((b[None, :, 1] - a[:, None, 1]) / 2) ** 2 + np.cos(a[:, None, 1]) * np.cos(b[None, :, 1]) * np.sin(
        (b[None, :, 0] - a[:, None, 0]) / 2
    ) ** 2
    angle = np.degrees(2 * np.arcsin(np.sqrt(h))) * 3600
    n, m = angle.shape
    cost = np.full((n, m + n), 1.01 * RADIUS)
    cost[:, :m] = np.where(angle <= RADIUS * (1 + 1e-9), angle, 1e6)
    return [(i, j, angle[i, j]) for i, j in zip(*linear_sum_assignment(cost)) if j < m]


def classes(links):
    """What became of each object, by side and identifier; and the weak links."""
    total = collections.Counter()
    for (a, b), n in links.items():
        total["old", a] += n
        total["new", b] += n
    greatest = {}
    for (a, b), n in sorted(links.items(), key=lambda link: (-link[1], link[0])):
        greatest.setdefault(("old", a), (a, b))
        greatest.setdefault(("new", b), (a, b))
    weak = {
        (a, b)
        for (a, b), n in links.items()
        if n < 0.1 * total["old", a]
        and n < 0.1 * total["new", b]
        and (a, b) not in (greatest["old", a], greatest["new", b])
    }
    parent = {}

    def root(x):
        parent.setdefault(x, x)
        while parent[x] != x:
            x = parent[x]
        return x

    for a, b in links:
        if (a, b) not in weak:
            parent[root(("old", a))] = root(("new", b))
    sets = collections.defaultdict(lambda: [0, 0])
    for x in list(parent):
        sets[root(x)][x[0] == "new"] += 1
    names = {(True, True): "same", (True, False): "split", (False, True): "merged", (False, False): "mixed"}
    kinds = {x: names[sets[root(x)][0] == 1, sets[root(x)][1] == 1] for x in parent}
    return kinds, weak


def main():
    connection = psycopg2.connect(host=sys.argv[1], user="skyledger_owner", dbname="skyledger")
    number = int(sys.argv[2])
    ((first, second),) = fetch(
        connection, 'SELECT "fromGeneration", "toGeneration" FROM skyledger."Crosswalk" WHERE "crosswalk" = %d' % number
    )
    old, new = sources(connection, first), sources(connection, second)
    both = [
        key
        for (*key,) in fetch(
            connection,
            'SELECT "visit", "detector" FROM l1_%04d."VisitDetector" INTERSECT SELECT "visit", "detector" FROM l1_%04d."VisitDetector"'
            % (first, second),
        )
    ]
    rows, links = {}, collections.Counter()
    for key in map(tuple, both):
        a, b = old.get(key, []), new.get(key, [])
        pairs = match(a, b) if a and b else []
        for i, j, angle in pairs:
            rows[a[i][0], b[j][0]] = angle
            if a[i][3] is not None and b[j][3] is not None:
                links[a[i][3], b[j][3]] += 1
        for k in set(range(len(a))) - {i for i, _, _ in pairs}:
            rows[a[k][0], None] = None
        for k in set(range(len(b))) - {j for _, j, _ in pairs}:
            rows[None, b[k][0]] = None
    stored = {
        (a, b): s
        for a, b, s in fetch(
            connection,
            'SELECT "oldDiaSourceId", "newDiaSourceId", "separationArcsec" FROM skyledger."CrosswalkSource" WHERE "crosswalk" = %d' % number,
        )
    }
    assert set(stored) == set(rows), "sources differ: %s" % list(set(stored) ^ set(rows))[:10]
    for pair, angle in rows.items():
        assert (angle is None) == (stored[pair] is None) and (angle is None or abs(angle - stored[pair]) < 1e-4), pair
    kinds, weak = classes(links)
    seen = set()
    for a, b, kind, shared, total_old, total_new in fetch(
        connection,
        'SELECT "oldDiaObjectId", "newDiaObjectId", "kind", "nShared", "nOld", "nNew" FROM skyledger."CrosswalkObject"'
        ' WHERE "crosswalk" = %d' % number,
    ):
        seen |= {("old", a), ("new", b)}
        if shared == 0:
            assert (a, b) not in links, (a, b)
            continue
        assert links.pop((a, b)) == shared, (a, b, shared)
        assert kind == ("minor" if (a, b) in weak else kinds["old", a]), (a, b, kind)
    assert not links, "links that are not stored: %s" % list(links)[:10]
    for side, generation in (("old", first), ("new", second)):
        every = {(side, i) for (i,) in fetch(connection, 'SELECT "diaObjectId" FROM l1_%04d."DiaObjectLast"' % generation)}
        assert every <= seen, "objects of the %s generation without a row: %s" % (side, list(every - seen)[:10])
    print("equal %d %d" % (len(rows), len(seen - {("old", None), ("new", None)})))


if __name__ == "__main__":
    main()
