"""A catalog and its reprocessing with a known truth, for the tests of the Release room.

    crosswalk_truth.py FOLDER SEED

Writes to FOLDER: oldSources, newSources (visit, detector, diaSourceId, ra, dec, diaObjectId, tile), oldObjects, newObjects (diaObjectId, ra,
dec, tile), truthSources (oldDiaSourceId, newDiaSourceId; null for none) and truthObjects (oldDiaObjectId, correspondence), as Parquet.

Every new position is shifted by 0.05 arcsec in a direction of its visit and scattered by 0.02; 3 percent of the sources are dropped, 2
percent added anywhere; of 4 percent of the objects the sources are shared out to two new objects 1.2 arcsec apart. Two percent of the objects
are one new object with a neighbour 0.8 arcsec off. Tiles are squares of 0.02 degrees of the first position. Identifiers of the new
generation have nothing to do with those of the old.
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

OBJECTS, VISITS, SIDE, SEEN = 4000, 24, 0.25, 0.8
RA0, DEC0 = 210.0, -41.0
ARCSEC = 1 / 3600


def tiles(x, y):
    return (np.floor((x + 1) / 0.02) * 1000 + np.floor((y + 1) / 0.02)).astype(np.int64)


def offset(rng, count, arcsec):
    angle = rng.uniform(0, 2 * np.pi, count)
    return arcsec * ARCSEC * np.cos(angle), arcsec * ARCSEC * np.sin(angle)


def write(folder, name, columns):
    pq.write_table(pa.table(columns), f"{folder}/{name}.parquet")


def main(folder, seed):
    rng = np.random.default_rng(int(seed))
    # Local coordinates in degrees; the sky is RA0 + x / cos(dec), DEC0 + y.
    x, y = rng.uniform(0, SIDE, OBJECTS), rng.uniform(0, SIDE, OBJECTS)
    kind = rng.choice(["same", "split", "merged"], OBJECTS, p=[0.94, 0.04, 0.02])
    merged = np.flatnonzero(kind == "merged")
    merged = merged[: len(merged) // 2 * 2]
    kind[:] = np.where(np.isin(np.arange(OBJECTS), merged) | (kind == "split"), kind, "same")
    first, second = merged[::2], merged[1::2]
    dx, dy = offset(rng, len(first), 0.8)
    x[second], y[second] = x[first] + dx, y[first] + dy

    old_object = rng.permutation(OBJECTS).astype(np.int64) + 1_000_000
    new_object = rng.permutation(2 * OBJECTS).astype(np.int64) + 9_000_000
    # Where the two parts of each new object lie.
    part = np.array([np.arange(OBJECTS), OBJECTS + np.arange(OBJECTS)])
    part[0, second] = first
    ex, ey = offset(rng, OBJECTS, 0.6)
    px = np.where(kind == "split", [x + ex, x - ex], x)
    py = np.where(kind == "split", [y + ey, y - ey], y)

    rows = {k: [] for k in ("visit", "object", "x", "y", "nx", "ny", "part")}
    for visit in range(VISITS):
        seen = np.flatnonzero(rng.random(OBJECTS) < SEEN)
        # The two of a merger take turns, or one would steal the other's partner.
        seen = seen[~np.isin(seen, second if visit % 2 else first)]
        which = np.where(kind[seen] == "split", rng.integers(0, 2, len(seen)), 0)
        # The parts of a split object are detections of their own places, which the old pipeline called one.
        sx, sy = px[which, seen], py[which, seen]
        jx, jy = rng.normal(0, 0.04 * ARCSEC, len(seen)), rng.normal(0, 0.04 * ARCSEC, len(seen))
        shift = rng.uniform(0, 2 * np.pi)
        rows["visit"].append(np.full(len(seen), visit + 500))
        rows["object"].append(seen)
        rows["x"].append(sx + jx)
        rows["y"].append(sy + jy)
        rows["nx"].append(sx + jx + 0.05 * ARCSEC * np.cos(shift) + rng.normal(0, 0.02 * ARCSEC, len(seen)))
        rows["ny"].append(sy + jy + 0.05 * ARCSEC * np.sin(shift) + rng.normal(0, 0.02 * ARCSEC, len(seen)))
        rows["part"].append(which)
    r = {k: np.concatenate(v) for k, v in rows.items()}
    count = len(r["visit"])
    detector = (r["x"] > SIDE / 2).astype(np.int32)
    old_id = rng.permutation(count).astype(np.int64) + 10_000_000
    new_of = part[r["part"], r["object"]]
    kept = rng.random(count) >= 0.03
    added = count * 2 // 100
    new_id = rng.permutation(count + added).astype(np.int64) + 70_000_000

    def sky(a, b):
        return RA0 + a / np.cos(np.radians(DEC0)), DEC0 + b

    def sources(name, visit, detector, ids, a, b, objects, tile):
        ra, dec = sky(a, b)
        order = rng.permutation(len(ids))
        columns = {"visit": visit.astype(np.int64), "detector": detector.astype(np.int32), "diaSourceId": ids, "ra": ra, "dec": dec}
        columns |= {"diaObjectId": objects, "tile": tile}
        write(folder, name, {k: v[order] for k, v in columns.items()})

    sources("oldSources", r["visit"], detector, old_id, r["x"], r["y"], old_object[r["object"]], tiles(x, y)[r["object"]])
    ax, ay = rng.uniform(0, SIDE, added), rng.uniform(0, SIDE, added)
    added_object = np.arange(added, dtype=np.int64) + 20_000_000
    join = np.concatenate
    flat_x, flat_y = px.reshape(-1), py.reshape(-1)
    sources(
        "newSources", join([r["visit"][kept], rng.integers(500, 500 + VISITS, added)]), join([detector[kept], (ax > SIDE / 2)]),
        join([new_id[:count][kept], new_id[count:]]), join([r["nx"][kept], ax]), join([r["ny"][kept], ay]),
        join([new_object[new_of[kept]], added_object]), join([tiles(flat_x, flat_y)[new_of[kept]], tiles(ax, ay)]))

    used_old, used_new = np.unique(r["object"]), np.unique(new_of[kept])
    ra, dec = sky(x[used_old], y[used_old])
    write(folder, "oldObjects", {"diaObjectId": old_object[used_old], "ra": ra, "dec": dec, "tile": tiles(x, y)[used_old]})
    ra, dec = sky(join([flat_x[used_new], ax]), join([flat_y[used_new], ay]))
    tile = join([tiles(flat_x, flat_y)[used_new], tiles(ax, ay)])
    write(folder, "newObjects", {"diaObjectId": join([new_object[used_new], added_object]), "ra": ra, "dec": dec, "tile": tile})

    new_column = join([np.where(kept, new_id[:count], 0), new_id[count:]])
    old_column = join([old_id, np.zeros(added, dtype=np.int64)])
    write(
        folder, "truthSources",
        {"oldDiaSourceId": pa.array(old_column, mask=old_column == 0), "newDiaSourceId": pa.array(new_column, mask=new_column == 0)})
    write(folder, "truthObjects", {"diaObjectId": old_object[used_old], "correspondence": kind[used_old].tolist()})


if __name__ == "__main__":
    main(*sys.argv[1:])
