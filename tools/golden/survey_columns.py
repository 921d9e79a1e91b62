"""Compares columns of DiaObject that surveys wrote with what the same definitions give of the sources at hand, as a Markdown table:

    survey_columns.py DATA

DATA has hits2015/ and lsst-alerts-fink/. The numbers are those of summaries.py, which the tests hold against the Swift. Three
comparisons: HiTS objects with the sources preloaded beside them; LSST objects as of their newest alert with all their sources of all
alerts; the objects of single LSST alerts with the history inside the same alert.
"""
import glob
import sys

import numpy as np
import pyarrow.parquet as pq
import summaries

COLUMNS = [
    "diaObjectId", "diaSourceId", "visit", "band", "midpointMjdTai", "ra", "dec", "raErr", "decErr", "ra_dec_Cov", "psfFlux",
    "psfFluxErr", "scienceFlux", "scienceFluxErr"]
BANDLESS = ["ra", "dec", "raErr", "decErr", "ra_dec_Cov"]


def numbers(rows, name):
    return np.array([np.nan if row.get(name) is None else row[name] for row in rows], dtype=float)


def history(rows, place):
    """Columns as summaries.py takes them, of the rows whose object is known."""
    rows = [row for row in rows if row["diaObjectId"] in place]
    columns = {"object": np.array([place[row["diaObjectId"]] for row in rows], dtype=np.int64)}
    columns["band"] = np.array([summaries.BANDS.find(row["band"]) for row in rows], dtype=np.int16)
    if rows and rows[0].get("diaSourceId") is not None:
        columns["diaSourceId"] = np.array([row["diaSourceId"] for row in rows], dtype=np.int64)
    for name in COLUMNS[4:]:
        columns["raDecCov" if name == "ra_dec_Cov" else name] = numbers(rows, name)
    return columns


def reasons(name, objects, ours, sources, wrong):
    """What explains the objects that differ, with how many of them each explains; the first that applies counts."""
    by_object = {}
    for row in sources:
        by_object.setdefault(row["diaObjectId"], []).append(row)
    found = {}
    for number in wrong:
        their = objects[number]
        rows = by_object.get(their["diaObjectId"], [])
        newest = max(rows, key=lambda row: row["midpointMjdTai"])
        founder = [row for row in rows if row["diaSourceId"] == their.get("founder", their["diaObjectId"])]
        if name in ("raErr", "decErr", "ra_dec_Cov"):
            if founder and founder[0][name] == their.get(name):
                why = "theirs is the founding source's, not updated"
            else:
                why = "theirs is a founding source's that is not at hand"
        elif name[2:].startswith("fpFlux"):
            why = "never filled"
        elif name[1] == "_" and newest["band"] != name[0] and not their.get(name):
            why = "theirs has only the band of the newest visit"
        elif their["nDiaSources"] < len(rows):
            why = "two visits at once, theirs without the other's source"
        else:
            why = "not explained"
        found[why] = found.get(why, 0) + 1
    return "; ".join(f"{why} ({count})" for why, count in sorted(found.items()))


def compare(title, objects, sources, forced):
    place = {row["diaObjectId"]: number for number, row in enumerate(objects)}
    ours = summaries.recompute(history(sources, place), history(forced, place), len(objects), 360.0, 360.0)
    print(f"\n{title}: {len(objects)} objects, {len(sources)} sources, {len(forced)} forced sources\n")
    print("| column | theirs | ours | both | <= 1e-6 | <= 1e-4 | median | worst | why the others differ |")
    print("|---|---|---|---|---|---|---|---|---|")
    names = BANDLESS + [name for name in objects[0] if name[1:2] == "_" and name[0] in summaries.BANDS]
    empty = []
    for name in names:
        if name not in objects[0]:
            continue
        theirs, mine = numbers(objects, name), numbers(ours, name)
        has, have = np.isfinite(theirs), np.isfinite(mine)
        if not has.any() and not have.any():
            empty.append(name)
            continue
        both = has & have
        difference = np.abs(theirs - mine)
        relative = np.where(difference > 0, difference / np.maximum(np.abs(mine), 1e-300), 0.0)
        close = (both & (relative <= 1e-6)) | (~has & ~have)
        wrong = np.flatnonzero(~close)
        at = relative[both]
        spread = f"{np.median(at):.1e} | {at.max():.1e}" if len(at) else "- | -"
        print(
            f"| {name} | {has.sum()} | {have.sum()} | {both.sum()} | {(at <= 1e-6).sum()} | {(at <= 1e-4).sum()} | {spread} "
            f"| {reasons(name, objects, ours, sources, wrong)} |")
    print(f"\nNull in all objects, theirs and ours: {len(empty)} columns.")
    for name in ("firstDiaSourceMjdTai", "lastDiaSourceMjdTai"):
        if name in objects[0]:
            print(f"{name}: filled in {np.isfinite(numbers(objects, name)).sum()} objects.")


def alerts(paths):
    """Objects of alerts, numbered, with the history that came in the same alert."""
    objects, sources, forced = [], [], []
    for path in paths:
        table = pq.read_table(path, columns=["diaObject", "diaSource", "prvDiaSources", "prvDiaForcedSources"])
        for alert in table.to_pylist():
            if not alert["diaObject"] or not alert["diaObject"].get("diaObjectId"):
                continue
            number = len(objects)
            founder = alert["diaObject"]["diaObjectId"]
            objects.append({**alert["diaObject"], "diaObjectId": number, "founder": founder})
            for row in (alert["prvDiaSources"] or []) + [alert["diaSource"]]:
                sources.append({name: row.get(name) for name in COLUMNS} | {"diaObjectId": number})
            for row in alert["prvDiaForcedSources"] or []:
                forced.append({name: row.get(name) for name in COLUMNS} | {"diaObjectId": number})
    return objects, sources, forced


def main():
    data = sys.argv[1]
    for visit in ("411420", "419802"):
        tables = [
            pq.read_table(glob.glob(f"{data}/hits2015/preloaded_{kind}_DECam_{visit}_*")[0]).to_pylist()
            for kind in ("dia_object", "dia_source", "dia_forced_source")]
        compare(f"HiTS before visit {visit}", *tables)
        flagged = sum(row["psfFlux_flag"] for row in tables[1])
        print(f"Sources with psfFlux_flag, counted by theirs and here: {flagged}.")
    fink = data + "/lsst-alerts-fink"
    tables = [pq.read_table(f"{fink}/derived_{kind}.parquet").to_pylist() for kind in ("diaObject", "diaSource", "diaForcedSource")]
    compare("LSST objects as of the newest alert, sources of all alerts", *tables)
    compare("LSST objects of single alerts, history of the same alert", *alerts(sorted(glob.glob(fink + "/transfer/*.parquet"))))


main()
