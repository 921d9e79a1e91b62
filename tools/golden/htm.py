"""Writes HTM ids by lsst-sphgeom for the tests of the Sphere room: htm.py OUTPUT [SEED].

The file is 8-byte little-endian columns after a count n: kind (0: a, b, c are x, y, z; 1: a, b are RA and dec in degrees),
level, id (int64), then a, b, c (float64), n of each.
"""

import math
import random
import struct
import sys

from lsst.sphgeom import HtmPixelization, LonLat, UnitVector3d

LEVELS = (0, 1, 2, 3, 5, 7, 8, 9, 11, 12, 13, 14, 17, 20, 20, 22, 24, 24)


def main(output, seed=1):
    chance = random.Random(seed)
    meshes = [HtmPixelization(level) for level in range(25)]
    rows = []

    def of_vector(v):
        level = chance.choice(LEVELS)
        rows.append((0, level, meshes[level].index(v), v.x(), v.y(), v.z()))

    def of_angles(ra, dec):
        level = chance.choice(LEVELS)
        rows.append((1, level, meshes[level].index(UnitVector3d(LonLat.fromDegrees(ra, dec))), ra, dec, 0.0))

    def with_neighbours(v):
        """The point, and those one unit in the last place away in x, y, z."""
        of_vector(v)
        for axis in range(3):
            for direction in (-math.inf, math.inf):
                parts = [v.x(), v.y(), v.z()]
                parts[axis] = math.nextafter(parts[axis], direction)
                of_vector(UnitVector3d(*parts))

    def with_angle_neighbours(ra, dec):
        of_angles(ra, dec)
        for ra_direction in (-math.inf, math.inf):
            of_angles(math.nextafter(ra, ra_direction), dec)
            near = math.nextafter(dec, ra_direction)
            if abs(near) <= 90:
                of_angles(ra, near)

    for _ in range(60_000):
        of_angles(chance.uniform(0, 360), math.degrees(math.asin(chance.uniform(-1, 1))))
    for _ in range(5_000):
        of_angles(chance.uniform(-1080, 1080), chance.uniform(-90, 90))
    for ra in range(0, 361, 15):
        for dec in range(-90, 91, 15):
            with_angle_neighbours(float(ra), float(dec))
    for ra in (-1080.0, -720.0, -360.0, -1e-20, -5e-324, -0.0, 720.0, 1080.0, 1e15, -1e15):
        for dec in (-90.0, -45.0, -1e-20, 0.0, 30.0, 45.0, 90.0):
            with_angle_neighbours(ra, dec)
    for _ in range(2_000):
        of_angles(chance.uniform(0, 360), chance.choice((-1, 1)) * (90 - 10 ** chance.uniform(-14, -1)))
    # Roots' planes and poles, down to subnormal distances from them.
    tiny = [0.0, -0.0, 5e-324, -5e-324, 1e-310, -1e-300, 1e-200, -1e-160, 1e-17, -1e-17, 1.0, -1.0, 0.5, -0.5, 0.3]
    for x in tiny:
        for y in tiny:
            for z in tiny:
                if max(abs(x), abs(y), abs(z)) > 1e-3:
                    of_vector(UnitVector3d(x, y, z))
    # Vertices, edges' middles and other points of edges of trixels of all levels.
    for _ in range(4_000):
        level = chance.randrange(0, 25)
        trixel = meshes[level].triangle(chance.randrange(8 << 2 * level, 16 << 2 * level))
        a, b, c = trixel.getVertices()
        with_neighbours(a)
        with_neighbours(UnitVector3d(a + b))
        share = chance.random()
        with_neighbours(UnitVector3d(b * share + c * (1 - share)))
        where = LonLat(c)
        of_angles(where.getLon().asDegrees(), max(-90.0, min(90.0, where.getLat().asDegrees())))

    with open(output, "wb") as file:
        file.write(struct.pack("<q", len(rows)))
        for column, code in zip(zip(*rows), "qqqddd"):
            file.write(struct.pack(f"<{len(rows)}{code}", *column))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
