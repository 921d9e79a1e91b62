"""Sources of two generations matched by scipy.optimize.linear_sum_assignment, a visit-detector at a time, for the tests of the Release room.

    crosswalk_sources.py OLD NEW RADIUS_ARCSEC MATCHES

OLD and NEW are Parquet files with visit, detector, diaSourceId, ra, dec (degrees). MATCHES has visit, detector, oldDiaSourceId and
newDiaSourceId (null for none): a matching of someone else, whose cost is given too. The cost is the sum of angles in arcseconds, and 1.01
radii for an old source without partner. Prints one line of JSON: least cost, given cost, pairs of each, and of the least the pairs
themselves.
"""

import json
import sys

import numpy as np
import pyarrow.parquet as pq
from scipy.optimize import linear_sum_assignment


def read(path):
    table = pq.read_table(path)
    return {name: table[name].to_numpy() for name in ("visit", "detector", "diaSourceId", "ra", "dec")}


def angles(old, new):
    """Arcseconds, by the haversine formula."""
    a0, d0 = np.radians(old["ra"])[:, None], np.radians(old["dec"])[:, None]
    a1, d1 = np.radians(new["ra"])[None, :], np.radians(new["dec"])[None, :]
    h = np.sin((d1 - d0) / 2) ** 2 + np.cos(d0) * np.cos(d1) * np.sin((a1 - a0) / 2) ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(h))) * 3600


def main(old_path, new_path, radius, matches_path):
    radius = float(radius)
    old, new = read(old_path), read(new_path)
    matches = pq.read_table(matches_path).to_pylist()
    keys = set(zip(old["visit"], old["detector"])) | set(zip(new["visit"], new["detector"]))
    least, given, pairs, given_pairs = 0.0, 0.0, [], 0
    for visit, detector in sorted(keys):
        a = {k: v[(old["visit"] == visit) & (old["detector"] == detector)] for k, v in old.items()}
        b = {k: v[(new["visit"] == visit) & (new["detector"] == detector)] for k, v in new.items()}
        cost = angles(a, b)
        allowed = cost <= radius * (1 + 1e-9)
        n, m = cost.shape
        # A ghost column for each row, so that all rows are assigned.
        square = np.full((n, m + n), 1.01 * radius)
        square[:, :m] = np.where(allowed, cost, 1e6)
        rows, columns = linear_sum_assignment(square)
        least += square[rows, columns].sum()
        pairs += [[int(a["diaSourceId"][r]), int(b["diaSourceId"][c])] for r, c in zip(rows, columns) if c < m]
        row_of = {int(i): k for k, i in enumerate(a["diaSourceId"])}
        column_of = {int(i): k for k, i in enumerate(b["diaSourceId"])}
        mine = [x for x in matches if x["visit"] == visit and x["detector"] == detector]
        assert sorted(x["oldDiaSourceId"] for x in mine if x["oldDiaSourceId"] is not None) == sorted(row_of), "old sources, each once"
        assert sorted(x["newDiaSourceId"] for x in mine if x["newDiaSourceId"] is not None) == sorted(column_of), "new sources, each once"
        for x in mine:
            if x["oldDiaSourceId"] is None:
                continue
            if x["newDiaSourceId"] is None:
                given += 1.01 * radius
            else:
                k = (row_of[x["oldDiaSourceId"]], column_of[x["newDiaSourceId"]])
                assert allowed[k], "a pair beyond the radius"
                given += cost[k]
                given_pairs += 1
    print(json.dumps({"leastCost": least, "givenCost": given, "pairs": sorted(pairs), "givenPairs": given_pairs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
