#!/usr/bin/env python3
"""A visit directory as another pipeline would have made it, with what became of every source.

    reprocess.py VISITS OUT [--through MJD] [--shift-arcsec 0.05] [--flux 1.02] [--drop 0.03] [--add 0.02] [--split 0.02]
                 [--split-arcsec 0.75] [--ids new|same] [--missing VISIT,...] [--seed N]

OUT becomes a visit directory of the visits up to --through, with
  truth/sources.parquet   oldDiaSourceId, newDiaSourceId (null for none), visit, detector, kind (kept, dropped, added), isSplit
  truth/objects.parquet   trueObject, kind (same, split, vanished), nOld, nNew

Every position moves by --shift-arcsec in a direction of its visit, every flux and its error grow by the same factor; --drop of the sources go,
--add come anywhere in their detector's region, as copies of others. Of --split of the objects that have six detections at least and no neighbour
within 5 arcsec, the detections of every other visit move by --split-arcsec to one side and the others to the opposite one, so that association
makes two objects of them. Objects are those of VISITS/truth (diaSourceId, trueObject); without it nothing is split.
"""
import argparse
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.spatial import cKDTree

ARCSEC = np.pi / 180 / 3600


def vectors(ra, dec):
    ra, dec = np.radians(ra), np.radians(dec)
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)


def moved(ra, dec, arcsec, angle):
    """Positions moved by an angle on the sky; flat is good enough for an arcsecond away from the poles."""
    dec_new = dec + arcsec / 3600 * np.sin(angle)
    return (ra + arcsec / 3600 * np.cos(angle) / np.cos(np.radians(dec))) % 360, dec_new


def true_objects(folder, visits):
    """From diaSourceId to the object that it is of."""
    parts = [pq.read_table(folder / f"truth/visit_{v:06d}.parquet") for v in visits if (folder / f"truth/visit_{v:06d}.parquet").exists()]
    if not parts:
        return {}
    table = pa.concat_tables(parts)
    return dict(zip(table["diaSourceId"].to_pylist(), table["trueObject"].to_pylist()))


def objects_to_split(rows, fraction, rng):
    """Objects that are seen often enough and stand alone, drawn at random."""
    known = rows["object"] >= 0
    ids, first, count = np.unique(rows["object"][known], return_index=True, return_counts=True)
    if not len(ids) or fraction <= 0:
        return set()
    places = vectors(rows["ra"][known][first], rows["dec"][known][first])
    distance, _ = cKDTree(places).query(places, k=min(2, len(ids)))
    alone = distance[:, -1] > 5 * ARCSEC if len(ids) > 1 else np.ones(1, dtype=bool)
    # Sources of no object must not lie near either: a part would take them.
    strays = np.flatnonzero(~known)
    if len(strays):
        near, _ = cKDTree(vectors(rows["ra"][strays], rows["dec"][strays])).query(places)
        alone &= near > 5 * ARCSEC
    candidates = ids[alone & (count >= 6)]
    return set(rng.permutation(candidates)[: round(fraction * len(ids))].tolist())


def region_box(text):
    corners = np.array([[float(x) for x in corner.split()] for corner in text.split(",")])
    return corners.min(axis=0), corners.max(axis=0)


def with_column(table, name, values):
    index = table.schema.get_field_index(name)
    field = table.schema.field(index)
    return table.set_column(index, field, pa.array(values).cast(field.type))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("visits", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--through", type=float, default=np.inf, help="the last MJD")
    parser.add_argument("--shift-arcsec", type=float, default=0.05)
    parser.add_argument("--flux", type=float, default=1.02)
    parser.add_argument("--drop", type=float, default=0.03)
    parser.add_argument("--add", type=float, default=0.02)
    parser.add_argument("--split", type=float, default=0.02)
    parser.add_argument("--split-arcsec", type=float, default=0.75)
    parser.add_argument("--ids", choices=["new", "same"], default="new")
    parser.add_argument("--missing", default="", help="visits to leave out, by commas")
    parser.add_argument("--seed", type=int, default=20261121)
    a = parser.parse_args()
    rng = np.random.default_rng(a.seed)
    missing = {int(v) for v in a.missing.split(",") if v}

    entries = pq.read_table(a.visits / "visits.parquet")
    entries = entries.filter(pa.array([m <= a.through and v not in missing for m, v in zip(entries["mjd"].to_pylist(), entries["visit"].to_pylist())]))
    visits = list(dict.fromkeys(entries["visit"].to_pylist()))
    regions = {(e["visit"], e["detector"]): e["region"] for e in entries.to_pylist()}
    tables = {v: pq.read_table(a.visits / f"visit_{v:06d}.parquet") for v in visits}
    objects = true_objects(a.visits, visits)

    def column(name, dtype):
        return np.concatenate([t[name].to_numpy().astype(dtype) for t in tables.values()])

    rows = {"id": column("diaSourceId", np.int64), "ra": column("ra", float), "dec": column("dec", float)}
    rows["object"] = np.array([objects.get(i, -1) for i in rows["id"].tolist()], dtype=np.int64)
    split = objects_to_split(rows, a.split, rng)
    added_counts = {v: rng.binomial(t.num_rows, a.add) for v, t in tables.items()}
    total = len(rows["id"]) + sum(added_counts.values())
    # Beyond all of the directory, for visits after --through come into the same generation.
    last = max(pc.max(pq.read_table(f, columns=["diaSourceId"])["diaSourceId"]).as_py() or 0 for f in a.visits.glob("visit_*.parquet"))
    fresh = iter((rng.permutation(total) + last + 1_000_000).tolist())

    (a.out / "truth").mkdir(parents=True, exist_ok=True)
    truth = {k: [] for k in ("oldDiaSourceId", "newDiaSourceId", "visit", "detector", "kind", "isSplit")}
    seen, parts = {}, {}
    for visit, table in tables.items():
        ids = table["diaSourceId"].to_numpy()
        detectors = table["detector"].to_numpy().astype(np.int64)
        source_objects = np.array([objects.get(i, -1) for i in ids.tolist()], dtype=np.int64)
        kept = rng.random(len(ids)) >= a.drop
        is_split = np.array([o in split for o in source_objects.tolist()], dtype=bool)
        ra, dec = moved(table["ra"].to_numpy(), table["dec"].to_numpy(), a.shift_arcsec, rng.uniform(0, 2 * np.pi))
        for i in np.flatnonzero(is_split):
            # All of a visit go to one side: which of two detections in one place became which, nobody could say.
            turn, last = parts.get(source_objects[i], (0, None))
            turn += visit != last
            parts[source_objects[i]] = turn, visit
            ra[i], dec[i] = moved(ra[i], dec[i], a.split_arcsec, 0.0 if turn % 2 else np.pi)
        # Others of this table, put elsewhere in their detectors.
        extra = rng.integers(0, len(ids), added_counts[visit]) if len(ids) else np.zeros(0, dtype=np.int64)
        extra_ra, extra_dec = np.zeros(len(extra)), np.zeros(len(extra))
        for k, i in enumerate(extra):
            low, high = region_box(regions[visit, int(detectors[i])])
            # A tenth away from the edge, so that it lies inside of a region that is not quite a box.
            extra_ra[k], extra_dec[k] = rng.uniform(low + 0.1 * (high - low), high - 0.1 * (high - low))
        new_ids = np.array([i if a.ids == "same" else next(fresh) for i in ids.tolist()], dtype=np.int64)
        extra_ids = np.array([next(fresh) for _ in extra], dtype=np.int64)

        chosen = np.concatenate([np.flatnonzero(kept), extra]).astype(np.int64)
        made = table.take(pa.array(chosen))
        made = with_column(made, "diaSourceId", np.concatenate([new_ids[kept], extra_ids]))
        made = with_column(made, "ra", np.concatenate([ra[kept], extra_ra]))
        made = with_column(made, "dec", np.concatenate([dec[kept], extra_dec]))
        for name in made.column_names:
            if name.endswith("Flux") or name.endswith("FluxErr"):
                made = made.set_column(
                    made.schema.get_field_index(name), made.schema.field(name), pc.multiply(made[name].cast(pa.float64()), a.flux).cast(made.schema.field(name).type))
        pq.write_table(made, a.out / f"visit_{visit:06d}.parquet")

        truth["oldDiaSourceId"] += ids.tolist() + [None] * len(extra)
        truth["newDiaSourceId"] += [n if k else None for n, k in zip(new_ids.tolist(), kept)] + extra_ids.tolist()
        truth["visit"] += [visit] * (len(ids) + len(extra))
        truth["detector"] += detectors.tolist() + detectors[extra].tolist()
        truth["kind"] += ["kept" if k else "dropped" for k in kept] + ["added"] * len(extra)
        truth["isSplit"] += is_split.tolist() + [False] * len(extra)
        for o, k in zip(source_objects.tolist(), kept):
            if o >= 0:
                old, new = seen.get(o, (0, 0))
                seen[o] = (old + 1, new + int(k))
    pq.write_table(entries, a.out / "visits.parquet")
    types = {"oldDiaSourceId": pa.int64(), "newDiaSourceId": pa.int64(), "visit": pa.int64(), "detector": pa.int32(), "kind": pa.string(), "isSplit": pa.bool_()}
    pq.write_table(pa.table({k: pa.array(v, types[k]) for k, v in truth.items()}), a.out / "truth/sources.parquet")
    kinds = ["vanished" if seen[o][1] == 0 else "split" if o in split else "same" for o in seen]
    pq.write_table(
        pa.table({"trueObject": pa.array(list(seen), pa.int64()), "kind": kinds, "nOld": pa.array([n for n, _ in seen.values()], pa.int64()),
                  "nNew": pa.array([n for _, n in seen.values()], pa.int64())}), a.out / "truth/objects.parquet")
    print(f"{len(visits)} visits, {truth['kind'].count('kept')} sources kept, {truth['kind'].count('dropped')} dropped, "
          f"{truth['kind'].count('added')} added, {len(split)} of {len(seen)} objects split")


if __name__ == "__main__":
    main()
