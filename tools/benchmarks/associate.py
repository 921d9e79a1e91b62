"""scipy's cheapest matching of a made-up field, and the files of that field for `skyledger-bench associate SOURCES OBJECTS`.

    associate.py SOURCES OBJECTS COUNT SQUARE_DEGREES     writes SOURCES and OBJECTS (COUNT rows each), prints one line of JSON
"""
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
import matching  # noqa: E402

source_path, object_path, count, square_degrees = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
rng = np.random.default_rng(1)
side = square_degrees**0.5


def write(path, ra, dec):
    errors = rng.uniform(0.05, 0.15, (2, count)) / 3600
    columns = {"id": rng.permutation(count), "ra": np.mod(ra, 360), "dec": dec}
    columns |= {name: pa.array(e, pa.float32()) for name, e in zip(("raErr", "decErr"), errors)}
    columns["ra_dec_Cov"] = pa.array(0.3 * errors[0] * errors[1], pa.float32())
    pq.write_table(pa.table(columns), path)


ra, dec = rng.uniform(-side / 2, side / 2, (2, count))
write(object_path, ra, dec)
# Nine in ten sources lie on an object with a scatter of 0.1 arcseconds, the others anywhere.
on = np.arange(count) < count * 9 // 10
source_ra = np.where(on, ra + rng.normal(0, 0.1 / 3600, count), rng.uniform(-side / 2, side / 2, count))
source_dec = np.where(on, dec + rng.normal(0, 0.1 / 3600, count), rng.uniform(-side / 2, side / 2, count))
order = rng.permutation(count)
write(source_path, source_ra[order], source_dec[order])
matching.main(source_path, object_path)
