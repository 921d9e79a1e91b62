"""Holds the rows of an instance against the design's invariants 1 to 3, and its summaries against numpy: invariants.py DIRECTORY [MONTHS]

DIRECTORY holds DiaSource, DiaObject, DiaObjectLast, DiaForcedSource and VisitDetector as Parquet. Exits with 1 and a line for each
contradiction.
"""
import sys
from collections import Counter, defaultdict

import numpy as np
import pyarrow.parquet as pq

from summaries import compare, recompute

BANDS = "ugrizy"
faults = []


def fault(sentence):
    if len(faults) < 40:
        faults.append(sentence)


def rows(directory, name):
    return pq.read_table(f"{directory}/{name}.parquet").to_pylist()


def whole_visits(sources, visits):
    """1. Every visit-detector is whole, and every source has one."""
    counts = Counter((s["visit"], s["detector"]) for s in sources)
    for v in visits:
        n = counts.pop((v["visit"], v["detector"]), 0)
        if n != v["nDiaSources"]:
            fault(f"visit {v['visit']} detector {v['detector']} says {v['nDiaSources']} sources and has {n}")
    for key in counts:
        fault(f"sources of visit-detector {key} without entry")


def owners(sources, objects, last):
    """2. One owner at most, which exists; counts and times of life."""
    if len({s["diaSourceId"] for s in sources}) != len(sources):
        fault("a diaSourceId stands twice")
    members = defaultdict(list)
    known = {o["diaObjectId"] for o in objects}
    for s in sources:
        if s["diaObjectId"] is not None and s["ssObjectId"] is not None:
            fault(f"DiaSource {s['diaSourceId']} has two owners")
        if s["diaObjectId"] is not None and s["diaObjectId"] not in known:
            fault(f"DiaSource {s['diaSourceId']} belongs to an object that never was")
        if s["diaObjectId"] is not None and s["timeWithdrawnMjdTai"] is None:
            members[s["diaObjectId"]].append(s["midpointMjdTai"])
    newest = {o["diaObjectId"]: o for o in objects if o["validityEndMjdTai"] is None}
    for id, o in newest.items():
        times = members[id]
        if o["nDiaSources"] != len(times):
            fault(f"DiaObject {id} says {o['nDiaSources']} sources and has {len(times)}")
        if times and (o["firstDiaSourceMjdTai"], o["lastDiaSourceMjdTai"]) != (min(times), max(times)):
            fault(f"DiaObject {id}: first or last time differ from {min(times)} and {max(times)}")
    for row in last:
        o = newest.pop(row["diaObjectId"], None)
        if o is None:
            fault(f"DiaObjectLast has {row['diaObjectId']}, which is not open")
        elif any(row[name] != o[name] for name in row if name not in ("pixelId",)):
            fault(f"DiaObjectLast says other than the open version of {row['diaObjectId']}")
    for id in newest:
        fault(f"the open DiaObject {id} is not in DiaObjectLast")


def intervals(objects):
    """3. Validity intervals of one object touch, and at most the last is open."""
    versions = defaultdict(list)
    for o in objects:
        versions[o["diaObjectId"]].append((o["validityStartMjdTai"], o["validityEndMjdTai"]))
    for id, spans in versions.items():
        spans.sort()
        for (start, end), (following, _) in zip(spans, spans[1:]):
            if end is None or end != following or end <= start:
                fault(f"DiaObject {id}: a version from {start} to {end}, the next from {following}")


def columns(chosen, number, names, extra):
    """Rows as the columns that `recompute` takes."""
    out = {"object": np.array([number[r["diaObjectId"]] for r in chosen], int)}
    for name, key, flag in names:
        values = [np.nan if r[key] is None or (flag and r.get(flag)) else r[key] for r in chosen]
        out[name] = np.array(values, float if name not in extra else int)
    out["band"] = np.array([BANDS.find(r["band"]) if r["band"] in tuple(BANDS) else 255 for r in chosen], int)
    return out


def summaries(sources, forced, table, months):
    """Summaries of the open objects that have sources, recomputed."""
    open_rows = [i for i, (end, n) in enumerate(zip(table["validityEndMjdTai"].to_pylist(), table["nDiaSources"].to_pylist())) if end is None and n > 0]
    table = table.take(open_rows)
    ids, starts = table["diaObjectId"].to_pylist(), table["validityStartMjdTai"].to_pylist()
    number, start = {id: i for i, id in enumerate(ids)}, dict(zip(ids, starts))
    used = [s for s in sources if s["diaObjectId"] in number and s["timeWithdrawnMjdTai"] is None]
    # A version knows the forced sources that were stored when it was made.
    known = [f for f in forced if f["diaObjectId"] in number and f["timeWithdrawnMjdTai"] is None and f["timeProcessedMjdTai"] <= start[f["diaObjectId"]]]
    s = columns(used, number, [
        ("diaSourceId", "diaSourceId", None), ("midpointMjdTai", "midpointMjdTai", None), ("ra", "ra", None), ("dec", "dec", None),
        ("raErr", "raErr", None), ("decErr", "decErr", None), ("raDecCov", "ra_dec_Cov", None),
        ("psfFlux", "psfFlux", "psfFlux_flag"), ("psfFluxErr", "psfFluxErr", "psfFlux_flag"),
        ("scienceFlux", "scienceFlux", "forced_PsfFlux_flag"), ("scienceFluxErr", "scienceFluxErr", "forced_PsfFlux_flag")], {"diaSourceId"})
    f = columns(known, number, [
        ("midpointMjdTai", "midpointMjdTai", None), ("psfFlux", "psfFlux", "psfFlux_flag"), ("psfFluxErr", "psfFluxErr", "psfFlux_flag")], set())
    expected = recompute(s, f, len(ids), 30.0 * months, 30.0 * months)
    wanted = [n for n in table.schema.names if n[1:2] == "_" or n in ("ra", "dec", "raErr", "decErr", "ra_dec_Cov", "summaryStartMjdTai")]
    wrong, compared = compare(table.select(wanted), expected)
    for line in wrong:
        fault(line)
    return len(ids), len(wanted), compared


def main():
    directory, months = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 12
    sources, visits = rows(directory, "DiaSource"), rows(directory, "VisitDetector")
    objects, last, forced = rows(directory, "DiaObject"), rows(directory, "DiaObjectLast"), rows(directory, "DiaForcedSource")
    whole_visits(sources, visits)
    owners(sources, objects, last)
    intervals(objects)
    checked = summaries(sources, forced, pq.read_table(directory + "/DiaObject.parquet"), months)
    for line in faults:
        print(line, file=sys.stderr)
    print(
        f"{len(visits)} visit-detectors, {len(sources)} sources, {len(objects)} versions of {len({o['diaObjectId'] for o in objects})} objects, "
        f"{len(forced)} forced sources: {len(faults)} faults; {checked[2]} values of {checked[1]} summaries of {checked[0]} objects compared")
    return 1 if faults or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
