"""Writes covers by lsst-sphgeom for the tests of the Sphere room: envelopes.py OUTPUT [SEED].

The file is 8-byte little-endian words; for each region: kind (0 circle, 1 polygon), number of doubles, the doubles (circle: centre's
x, y, z and the radius in radians; polygon: x, y, z of each vertex), level, greatest number of ranges (0: no limit), number of pixels
in sphgeom's envelope (-1 where that lacks a point inside, as it can with one range), number of points inside, the points' pixels.
"""

import math
import random
import struct
import sys

from lsst.sphgeom import Angle, Circle, ConvexPolygon, HtmPixelization, UnitVector3d

REGIONS = 2_400
POINTS = 20


def main(output, seed=1):
    chance = random.Random(seed)
    meshes = [HtmPixelization(level) for level in range(25)]
    special = [meshes[level].triangle(8 << 2 * level).getVertices()[0] for level in (0, 1, 4)] + [UnitVector3d(0, 0, 1)]

    def direction():
        if chance.random() < 0.05:
            return chance.choice(special)
        return UnitVector3d(*(chance.gauss(0, 1) for _ in range(3)))

    def around(center, angle, turn):
        """The point at an angle from the centre, in the direction `turn`."""
        east = UnitVector3d.orthogonalTo(center)
        north = UnitVector3d(center.cross(east))
        side = east * math.cos(turn) + north * math.sin(turn)
        return UnitVector3d(center * math.cos(angle) + side * math.sin(angle))

    with open(output, "wb") as file:
        for number in range(REGIONS):
            center = direction()
            radius = math.radians(10 ** chance.uniform(math.log10(1 / 3600), 1))
            if number % 2 == 0:
                kind, region = 0, Circle(center, Angle(radius))
                values = [center.x(), center.y(), center.z(), radius]
            else:
                corners = chance.randrange(3, 9)
                turns = sorted(chance.uniform(0, 2 * math.pi) for _ in range(corners))
                kind, region = 1, ConvexPolygon([around(center, radius, turn) for turn in turns])
                vertices = region.getVertices()
                if len(vertices) < 3:
                    continue
                values = [part for v in vertices for part in (v.x(), v.y(), v.z())]
            # Without a limit the number of pixels along the edge grows with the level: about a hundred across at most.
            limit = chance.choice((0, 0, 1, 2, 5, 16, 64, 200))
            finest = int(math.log2(100 * math.pi / 2 / radius)) if limit == 0 else 24
            level = min(24, max(0, chance.randrange(finest - 5, finest + 1) if limit == 0 else chance.choice((8, 12, 20, 20, 24))))
            mesh = meshes[level]
            envelope = mesh.envelope(region, limit)
            inside = []
            for _ in range(POINTS):
                point = around(center, radius * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi))
                if region.contains(point):
                    inside.append(mesh.index(point))
            if kind == 1:
                inside += [mesh.index(v) for v in vertices]
            complete = all(any(begin <= pixel < end for begin, end in envelope) for pixel in inside)
            pixels = sum(end - begin for begin, end in envelope) if complete else -1
            file.write(struct.pack(f"<qq{len(values)}d", kind, len(values), *values))
            file.write(struct.pack(f"<qqqq{len(inside)}q", level, limit, pixels, len(inside), *inside))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
