"""Minimum distances between pairs of orbits by brute force, against which MOID is checked.

Usage: moid.py OUTPUT SEED. Writes little-endian doubles: for each pair q, e, inclination, node and argument of perihelion (degrees) of both
orbits, the distance (au), and the two true anomalies (degrees).
Each pair is laid on a dense grid of both anomalies with numpy; the lowest local minima of the grid are refined with scipy's minimize
(Nelder-Mead, then a simplex begun afresh around its answer), which shares nothing with the Newton steps under test.
"""
import sys

import numpy as np
from scipy.optimize import minimize


def frame(i, node, w):
    i, node, w = np.deg2rad([i, node, w])
    rotate_z = lambda t: np.array([[np.cos(t), -np.sin(t), 0], [np.sin(t), np.cos(t), 0], [0, 0, 1]])
    rotate_x = np.array([[1, 0, 0], [0, np.cos(i), -np.sin(i)], [0, np.sin(i), np.cos(i)]])
    return rotate_z(node) @ rotate_x @ rotate_z(w)


def places(orbit, nu):
    q, e = orbit[:2]
    r = q * (1 + e) / (1 + e * np.cos(nu))
    return (frame(*orbit[2:]) @ np.array([r * np.cos(nu), r * np.sin(nu), 0 * nu])).T


def anomalies(orbit, n):
    q, e = orbit[:2]
    if e < 1:
        even = np.linspace(-np.pi, np.pi, n, endpoint=False)
        far = 2 * np.arctan(np.sqrt((1 + e) / (1 - e)) * np.tan(np.linspace(-np.pi, np.pi, n, endpoint=False) / 2))
        return np.sort(np.concatenate([even, far]))
    edge = np.arccos(max(-1, (q * (1 + e) / 200 - 1) / e))
    return np.linspace(-edge, edge, 2 * n)


def moid(first, second):
    n = 300
    a, b = anomalies(first, n), anomalies(second, n)
    square = ((places(first, a)[:, None] - places(second, b)[None]) ** 2).sum(2)
    around = np.full((len(a) + 2, len(b) + 2), np.inf)
    around[1:-1, 1:-1] = square
    if first[1] < 1:
        around[0], around[-1] = around[-2], around[1]
    if second[1] < 1:
        around[:, 0], around[:, -1] = around[:, -2], around[:, 1]
    lowest = np.ones_like(square, dtype=bool)
    for i in range(3):
        for j in range(3):
            lowest &= square <= around[i:i + len(a), j:j + len(b)]
    where = np.argwhere(lowest)
    where = where[np.argsort(square[lowest])][:4]
    distance = lambda v: np.linalg.norm(places(first, np.array([v[0]]))[0] - places(second, np.array([v[1]]))[0])
    best = None
    for i, j in where:
        x, size = np.array([a[i], b[j]]), 0.01
        for _ in range(3):
            simplex = x + size * np.array([[0, 0], [1, 0], [0, 1]])
            x = minimize(distance, x, method="Nelder-Mead",
                         options={"xatol": 1e-12, "fatol": 1e-14, "initial_simplex": simplex, "maxiter": 600}).x
            size *= 0.01
        if best is None or distance(x) < best[0]:
            best = (distance(x), x[0], x[1])
    return best[0], np.rad2deg(best[1]) % 360, np.rad2deg(best[2]) % 360


def main():
    output, seed = sys.argv[1], int(sys.argv[2])
    rng = np.random.default_rng(seed)

    def orbit(kind):
        e = {"planet": lambda: rng.uniform(0, 0.1), "asteroid": lambda: rng.uniform(0, 0.7), "comet": lambda: rng.uniform(0.7, 0.99),
             "unbound": lambda: rng.choice([1, 1.00001, rng.uniform(1, 1.2), rng.uniform(1.2, 5)])}[kind]()
        q = rng.uniform(0.2, 3)
        i = rng.choice([rng.uniform(0, 5), rng.uniform(0, 40), rng.uniform(0, 180)])
        return [q, e, i, rng.uniform(0, 360), rng.uniform(0, 360)]

    pairs = [("asteroid", "planet")] * 200 + [("comet", "planet")] * 100 + [("unbound", "planet")] * 80 + [("asteroid", "asteroid")] * 60
    pairs += [("comet", "comet")] * 30 + [("unbound", "comet")] * 15 + [("unbound", "unbound")] * 15
    rows = []
    for kinds in pairs:
        first, second = orbit(kinds[0]), orbit(kinds[1])
        rows.append(first + second + list(moid(first, second)))
    np.array(rows).astype("<f8").tofile(output)


main()
