"""Speed of lsst-sphgeom's HTM index at level 20, from vector objects that are ready; prints one line of JSON."""
import json
import time

import numpy as np
from lsst.sphgeom import HtmPixelization, UnitVector3d

rng = np.random.default_rng(1)
vectors = rng.normal(size=(300000, 3))
units = [UnitVector3d(*v) for v in vectors]


def rate(level):
    """Points a second, best of three."""
    index = HtmPixelization(level).index
    best = 1e9
    for _ in range(3):
        start = time.perf_counter()
        for u in units:
            index(u)
        best = min(best, time.perf_counter() - start)
    return best / len(units)


call, whole = rate(0), rate(20)
print(json.dumps({"name": "sphgeom", "millionPerSecond": 1e-6 / whole, "millionPerSecondWithoutCall": 1e-6 / (whole - call)}))
