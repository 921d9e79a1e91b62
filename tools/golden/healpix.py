"""HEALPix by cdshealpix (Rust, CDS Strasbourg): healpix.py FILE SEED

Little-endian words of eight bytes: n, then n times ra, dec, order, pixel at that order, pixel at order 29; m, then m times order, pixel, centre
and south, east, north, west corner as ra, dec, the number of neighbours, the neighbours in order.
"""
import sys

import cdshealpix.nested as nested
import numpy as np
from astropy import units as u
from astropy.coordinates import Latitude, Longitude

path, seed = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(seed)
words = []


def put(*values):
    for value in values:
        words.append(np.float64(value).tobytes() if isinstance(value, (float, np.floating)) else np.int64(value).tobytes())


n = 60_000
ra = rng.uniform(0, 360, n)
dec = np.degrees(np.arcsin(rng.uniform(-1, 1, n)))
# Near the poles, near the borders of the caps, near the meridians of base pixels.
dec[:5000] = 90 - 10 ** rng.uniform(-7, 0, 5000)
dec[5000:10000] = -90 + 10 ** rng.uniform(-7, 0, 5000)
dec[10000:15000] = np.degrees(np.arcsin(2 / 3)) + rng.normal(0, 1e-3, 5000)
ra[15000:20000] = (rng.integers(0, 4, 5000) * 90 + rng.normal(0, 1e-3, 5000)) % 360
orders = rng.integers(0, 30, n)
put(n)
finest = nested.lonlat_to_healpix(Longitude(ra * u.deg), Latitude(dec * u.deg), 29).astype(np.int64)
for i in range(n):
    put(ra[i], dec[i], orders[i], finest[i] >> (2 * (29 - orders[i])), finest[i])

cases = [(order, pixel) for order in range(4) for pixel in range(12 * 4**order)]
for order in range(4, 30):
    base = 4**order
    cases += [(order, int(rng.integers(0, 12)) * base + p) for p in (0, base - 1, base // 3, 2 * (base // 3))]
    cases += [(order, int(rng.integers(0, 12 * base))) for _ in range(20)]
put(len(cases))
for order, pixel in cases:
    pixels = np.array([pixel], dtype=np.uint64)
    lon, lat = nested.healpix_to_lonlat(pixels, order)
    clon, clat = nested.vertices(pixels, order)
    put(order, pixel, float(lon[0].deg), float(lat[0].deg))
    for k in range(4):
        put(float(clon[0][k].deg), float(clat[0][k].deg))
    around = sorted(int(p) for p in set(nested.neighbours(pixels, order)[0].tolist()) if p >= 0 and p != pixel)
    put(len(around), *around)
with open(path, "wb") as file:
    file.write(b"".join(words))
