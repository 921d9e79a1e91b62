"""How well objects recover the truth of a synthetic survey: truth.py SOURCES.parquet VISITS [--transient-base N]

SOURCES has diaSourceId and diaObjectId as stored; VISITS is the visit directory with its truth/ folder (diaSourceId, trueObject: -1 noise,
below the base a variable, above it a transient). Completeness: the share of a variable's sources that lie in the object that has most of them.
Purity: the share of that object's sources that are the variable's. Prints JSON; exits with 1 where one of both is below 99.9 percent.
"""
import argparse
import glob
import json
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sources")
    parser.add_argument("visits")
    parser.add_argument("--transient-base", type=int, default=10_000_000)
    a = parser.parse_args()
    truth = pa.concat_tables([pq.read_table(f) for f in sorted(glob.glob(f"{a.visits}/truth/*.parquet"))])
    true_id, true_object = truth["diaSourceId"].to_numpy(), truth["trueObject"].to_numpy()
    stored = pq.read_table(a.sources, columns=["diaSourceId", "diaObjectId"])
    id, object = stored["diaSourceId"].to_numpy(), np.asarray(stored["diaObjectId"].fill_null(-1))
    # Both in the order of the source; only what was stored counts.
    order, true_order = np.argsort(id), np.argsort(true_id)
    id, object, true_id, true_object = id[order], object[order], true_id[true_order], true_object[true_order]
    at = np.searchsorted(true_id, id)
    assert (true_id[at] == id).all(), "a stored source is not in the truth"
    true_object = true_object[at]
    variable = (true_object >= 0) & (true_object < a.transient_base)
    size = {}
    for o, n in zip(*np.unique(object[object >= 0], return_counts=True)):
        size[o] = n
    pairs, counts = np.unique(np.stack([true_object[variable], object[variable]], axis=1), axis=0, return_counts=True)
    owned = pairs[:, 1] >= 0
    best = {}
    for (true, mine), n in zip(pairs[owned], counts[owned]):
        if n > best.get(true, (0, 0))[0]:
            best[true] = (n, mine)
    total = dict(zip(*np.unique(true_object[variable], return_counts=True)))
    kept = sum(n for n, _ in best.values())
    exact = sum(n == total[true] == size[mine] for true, (n, mine) in best.items())
    out = {
        "sources": int(len(id)), "variables": len(total), "variableSources": int(variable.sum()),
        "completeness": kept / variable.sum(), "purity": kept / sum(size[mine] for _, mine in best.values()),
        "exactVariables": exact / len(total),
    }
    print(json.dumps(out))
    return 1 if min(out["completeness"], out["purity"]) < 0.999 else 0


if __name__ == "__main__":
    sys.exit(main())
