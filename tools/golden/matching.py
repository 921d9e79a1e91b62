"""The cheapest matching of sources and objects by scipy, for the tests and benchmarks of the Association room.

    matching.py SOURCES OBJECTS [PAIRS]

SOURCES and OBJECTS are Parquet files with columns id, ra, dec (degrees), raErr, decErr (degrees), ra_dec_Cov (degrees squared; NaN where
unknown). Costs follow the formulas of MatchModel with its defaults, computed here from angles. PAIRS has columns source and object (row
numbers): a matching of someone else, whose cost is given too. Prints one line of JSON.
"""

import json
import sys
import time

import numpy as np
import pyarrow.parquet as pq
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from scipy.spatial import cKDTree

RADIUS, FLOOR, FALLBACK, TAIL, DENSITY = 1.0, 0.05, 0.2, 0.01, 1e-4
ARCSEC = np.pi / 180 / 3600


class Side:
    """Positions with their local frames and covariances in arcsec^2."""

    def __init__(self, path):
        table = pq.read_table(path)
        ra, dec = (np.radians(table[name].to_numpy()) for name in ("ra", "dec"))
        self.count = len(ra)
        sa, ca, sd, cd = np.sin(ra), np.cos(ra), np.sin(dec), np.cos(dec)
        self.point = np.column_stack([cd * ca, cd * sa, sd])
        self.frame = np.stack([np.column_stack([-sa, ca, 0 * sa]), np.column_stack([-sd * ca, -sd * sa, cd])], axis=1)
        errors = np.column_stack([table[name].to_numpy().astype(float) * 3600 for name in ("raErr", "decErr")])
        known = np.isfinite(errors) & (errors > 0)
        sigma = np.where(known, errors, FALLBACK)
        cov = table["ra_dec_Cov"].to_numpy().astype(float) * 3600**2
        cov = np.where(known.all(axis=1) & np.isfinite(cov), cov, 0)
        limit = 0.99 * sigma[:, 0] * sigma[:, 1]
        cov = np.clip(cov, -limit, limit)
        self.covariance = np.empty((self.count, 2, 2))
        self.covariance[:, 0, 0], self.covariance[:, 1, 1] = sigma[:, 0] ** 2, sigma[:, 1] ** 2
        self.covariance[:, 0, 1] = self.covariance[:, 1, 0] = cov


def gaussian(offset, covariance):
    square = np.einsum("ni,ni->n", offset, np.linalg.solve(covariance, offset[:, :, None])[:, :, 0])
    return np.exp(-square / 2) / (2 * np.pi * np.sqrt(np.linalg.det(covariance)))


def costs(sources, objects, s, o):
    """Of the pairs of rows s and o, in nats."""
    frame = sources.frame[s]
    offset = np.einsum("nij,nj->ni", frame, objects.point[o] - sources.point[s]) / ARCSEC
    turn = np.einsum("nik,njk->nij", frame, objects.frame[o])
    covariance = sources.covariance[s] + turn @ objects.covariance[o] @ turn.transpose(0, 2, 1)
    for axis in (0, 1):
        covariance[:, axis, axis] = np.maximum(covariance[:, axis, axis], FLOOR**2)
    density = (1 - TAIL) * gaussian(offset, covariance)
    density += TAIL * gaussian(offset, covariance + (RADIUS / 2) ** 2 * np.eye(2))
    return -np.log(density)


def main(source_path, object_path, pair_path=None):
    sources, objects = Side(source_path), Side(object_path)
    none = -np.log(DENSITY)
    start = time.perf_counter()
    near = cKDTree(objects.point).query_ball_point(sources.point, 2 * np.sin(RADIUS * ARCSEC / 2), return_sorted=True)
    counts = np.array([len(n) for n in near])
    s, o = np.repeat(np.arange(sources.count), counts), np.concatenate([np.array(n, dtype=int) for n in near])
    cost = costs(sources, objects, s, o)
    # One ghost column a source; all weights made positive by a shift that each row pays once.
    rows = np.concatenate([s, np.arange(sources.count)])
    columns = np.concatenate([o, objects.count + np.arange(sources.count)])
    weights = np.concatenate([cost, np.full(sources.count, none)])
    shift = 1 - weights.min()
    matrix = csr_array((weights + shift, (rows, columns)), shape=(sources.count, objects.count + sources.count))
    matching_start = time.perf_counter()
    row, column = min_weight_full_bipartite_matching(matrix)
    matched = column < objects.count
    end = time.perf_counter()
    optimum = costs(sources, objects, row[matched], column[matched]).sum() + none * (~matched).sum()
    out = {"name": "scipy", "sources": sources.count, "objects": objects.count, "pairs": len(s), "matched": int(matched.sum())}
    out |= {"totalCost": float(optimum), "seconds": end - start, "matchingSeconds": end - matching_start}
    if pair_path:
        pairs = pq.read_table(pair_path)
        s, o = pairs["source"].to_numpy(), pairs["object"].to_numpy()
        assert len(set(s)) == len(s) and len(set(o)) == len(o), "a row is in two pairs"
        out["givenCost"] = float(costs(sources, objects, s, o).sum() + none * (sources.count - len(s)))
    print(json.dumps(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
