"""Golden values of lsst-sphgeom for the tests of the Sphere room.

    htm.py points OUT     positions and their HTM identifiers: records of x, y, z (float64) and the identifiers at levels 0, 1, 9, 20, 24 (int64)
    htm.py degrees OUT    the same from ra, dec in degrees: records of ra, dec (float64) and the identifier at level 20 (int64)
    htm.py covers OUT     a JSON list of regions with the number of level-20 pixels in sphgeom's envelope and positions inside

Positions are random, at the poles, at corners and edges of trixels, and a unit in the last place beside them.
"""
import json
import sys

import numpy as np
from lsst.sphgeom import Angle, Circle, ConvexPolygon, HtmPixelization, LonLat, UnitVector3d

LEVELS = [0, 1, 9, 20, 24]


def beside(xyz):
    """Each vector and its neighbours one ulp away in each component."""
    out = [xyz]
    for axis in range(3):
        for towards in (-np.inf, np.inf):
            moved = xyz.copy()
            moved[:, axis] = np.nextafter(moved[:, axis], towards)
            out.append(moved)
    return np.concatenate(out)


def mesh(rng, level, count):
    """Corners and points of edges of random trixels."""
    pixels = HtmPixelization(level)
    points = []
    for _ in range(count):
        v = rng.normal(size=3)
        corners = pixels.pixel(pixels.index(UnitVector3d(*v))).getVertices()
        c = [np.array([p.x(), p.y(), p.z()]) for p in corners]
        for i in range(3):
            points.append(c[i])
            t = rng.random()
            edge = c[i] * t + c[(i + 1) % 3] * (1 - t)
            points.append(edge / np.linalg.norm(edge))
            middle = c[i] + c[(i + 1) % 3]
            points.append(middle / np.linalg.norm(middle))
    return np.array(points)


def points(path):
    rng = np.random.default_rng(20261121)
    free = rng.normal(size=(60000, 3))
    free /= np.linalg.norm(free, axis=1)[:, None]
    axes = np.array([[s if i == k else 0.0 for i in range(3)] for k in range(3) for s in (1.0, -1.0)])
    planes = free[:600].copy()
    planes[:, 0][:200] = 0
    planes[:, 1][200:400] = 0
    planes[:, 2][400:] = 0
    planes /= np.linalg.norm(planes, axis=1)[:, None]
    special = [beside(axes), beside(planes)]
    for level in (0, 1, 2, 3, 5, 6, 7, 9, 12, 16, 20, 24):
        special.append(beside(mesh(rng, level, 100)))
    xyz = np.concatenate([free] + special)
    # The class normalises what it is given; what it makes of it is the position.
    units = [UnitVector3d(*v) for v in xyz]
    xyz = np.array([[u.x(), u.y(), u.z()] for u in units])
    ids = np.array([[HtmPixelization(level).index(u) for level in LEVELS] for u in units], dtype=np.int64)
    with open(path, "wb") as f:
        for v, i in zip(xyz, ids):
            f.write(v.astype("<f8").tobytes() + i.astype("<i8").tobytes())
    print(len(xyz))


def degrees(path):
    rng = np.random.default_rng(7)
    ra = rng.uniform(0, 360, 40000)
    dec = np.degrees(np.arcsin(rng.uniform(-1, 1, 40000)))
    grid = np.array([(r, d) for r in range(0, 360, 15) for d in range(-90, 91, 15)], dtype=float)
    grid = np.concatenate([grid, np.nextafter(grid, -1000), np.nextafter(grid, 1000)])
    grid[:, 1] = np.clip(grid[:, 1], -90, 90)
    ra, dec = np.concatenate([ra, grid[:, 0]]), np.concatenate([dec, grid[:, 1]])
    pixels = HtmPixelization(20)
    ids = np.array([pixels.index(UnitVector3d(LonLat.fromDegrees(r, d))) for r, d in zip(ra, dec)], dtype=np.int64)
    with open(path, "wb") as f:
        for r, d, i in zip(ra, dec, ids):
            f.write(np.array([r, d], "<f8").tobytes() + np.array([i], "<i8").tobytes())
    print(len(ra))


def around(centre, angle, azimuth):
    """The position at an angle and azimuth from a centre."""
    c = np.array([centre.x(), centre.y(), centre.z()])
    a = np.cross(c, [0.3, 0.4, 0.866] if abs(c[2]) < 0.8 else [1.0, 0, 0])
    a /= np.linalg.norm(a)
    b = np.cross(c, a)
    return np.cos(angle) * c + np.sin(angle) * (np.cos(azimuth) * a + np.sin(azimuth) * b)


def covers(path):
    rng = np.random.default_rng(11)
    level, pixels, out = 20, HtmPixelization(20), []
    for n in range(2100):
        v = rng.normal(size=3)
        centre = UnitVector3d(*v)
        radius = np.radians(10 ** rng.uniform(np.log10(1 / 3600), 1))
        limit = int(rng.choice([16, 32, 64, 128]))
        if n % 2:
            region = Circle(centre, Angle(radius))
            row = dict(kind="circle", centre=[centre.x(), centre.y(), centre.z()], radius=radius)
            inside = [around(centre, radius * np.sqrt(rng.random()) * 0.999999, rng.uniform(0, 2 * np.pi)) for _ in range(20)]
        else:
            corners = [around(centre, radius, t) for t in np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 7)))]
            try:
                region = ConvexPolygon([UnitVector3d(*c) for c in corners])
            except Exception:
                continue
            hull = region.getVertices()
            if len(hull) < 3:
                continue
            row = dict(kind="polygon", corners=[[p.x(), p.y(), p.z()] for p in hull])
            inside = []
            for _ in range(20):
                w = rng.dirichlet(np.ones(len(hull)))
                p = sum(k * np.array([q.x(), q.y(), q.z()]) for k, q in zip(w, hull))
                inside.append(p / np.linalg.norm(p))
        envelope = pixels.envelope(region, limit)
        row["limit"] = limit
        row["pixels"] = sum(int(e - b) for b, e in envelope.ranges())
        row["inside"] = [int(pixels.index(UnitVector3d(*p))) for p in inside if region.contains(UnitVector3d(*p))]
        out.append(row)
    with open(path, "w") as f:
        json.dump(out, f)
    print(len(out))


if __name__ == "__main__":
    {"points": points, "degrees": degrees, "covers": covers}[sys.argv[1]](sys.argv[2])
