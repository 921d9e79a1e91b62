"""H and G12 of synthetic phase curves by scipy, against which PhaseCurveFit is checked.

Usage: brightness.py OUTPUT SEED. Writes little-endian 8-byte words: the number of curves; then for each curve the number of points n, the
n phase angles (degrees), n reduced magnitudes, n errors, and H, G12, the errors of both, their covariance and chi-squared.
The basis functions are scipy's clamped cubic splines through the nodes of Muinonen et al. (2010); the fit is scipy's least_squares over
H and G12 in each of the two pieces, and its covariance the inverse of the normal matrix.
"""
import struct
import sys

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import least_squares

KNOTS = np.deg2rad([7.5, 30, 60, 90, 120, 150])
FIRST = CubicSpline(KNOTS, [0.75, 0.33486016, 0.13410560, 0.051104756, 0.021465687, 0.0036396989],
                    bc_type=((1, -6 / np.pi), (1, -0.091328612)))
SECOND = CubicSpline(KNOTS, [0.925, 0.62884169, 0.31755495, 0.12716367, 0.022373903, 0.00016505689],
                     bc_type=((1, -9 / (5 * np.pi)), (1, -8.6573138e-8)))
THIRD = CubicSpline(np.deg2rad([0, 0.3, 1, 2, 4, 8, 12, 20, 30]),
                    [1, 0.83381185, 0.57735424, 0.42144772, 0.23174230, 0.10348178, 0.061733473, 0.016107006, 0],
                    bc_type=((1, -0.10630097), (1, 0)))
PIECES = [((0.7527, 0.06164), (-0.9612, 0.6270), (-0.06164 / 0.7527, 0.2)),
          ((0.9529, 0.02162), (-0.6125, 0.5572), (0.2, 0.5572 / 0.6125))]


def magnitude(alpha, h, g12, piece):
    (s1, c1), (s2, c2), _ = piece
    a = np.deg2rad(alpha)
    phi1 = np.where(alpha < 7.5, 1 - 6 * a / np.pi, FIRST(a))
    phi2 = np.where(alpha < 7.5, 1 - 9 * a / (5 * np.pi), SECOND(a))
    phi3 = np.where(alpha < 30, THIRD(a), 0)
    g1, g2 = s1 * g12 + c1, s2 * g12 + c2
    return h - 2.5 * np.log10(g1 * phi1 + g2 * phi2 + (1 - g1 - g2) * phi3)


def fit(alpha, m, sigma):
    best = None
    for piece in PIECES:
        low, high = piece[2]
        for start in np.linspace(low, high, 5)[1:-1]:
            got = least_squares(lambda p: (magnitude(alpha, p[0], p[1], piece) - m) / sigma, [m.mean() - 0.5, start], method="trf",
                                bounds=([-50, low], [50, high]), xtol=1e-15, ftol=1e-15, gtol=1e-15, jac="3-point", max_nfev=2000)
            if best is None or got.cost < best.cost:
                best = got
    covariance = np.linalg.inv(best.jac.T @ best.jac)
    return best.x[0], best.x[1], covariance[0, 0] ** 0.5, covariance[1, 1] ** 0.5, covariance[0, 1], 2 * best.cost


def main():
    output, seed = sys.argv[1], int(sys.argv[2])
    rng = np.random.default_rng(seed)
    curves = []
    while len(curves) < 120:
        n = int(rng.integers(8, 80))
        alpha = rng.uniform(0, rng.choice([20, 30, 60, 120]), n)
        g12 = rng.uniform(0.0, 0.85)
        piece = PIECES[0] if g12 < 0.2 else PIECES[1]
        sigma = rng.uniform(0.005, 0.08, n)
        noise = rng.choice([0, 0.3, 1])
        m = magnitude(alpha, rng.uniform(3, 24), g12, piece) + noise * sigma * rng.normal(size=n)
        got = fit(alpha, m, sigma)
        # Near an end of the range or the joint of the pieces scipy's bounded minimum is not an inner one.
        if min(abs(got[1] - edge) for edge in (PIECES[0][2][0], 0.2, PIECES[1][2][1])) < 1e-3:
            continue
        curves.append((alpha, m, sigma, got))
    with open(output, "wb") as file:
        file.write(struct.pack("<q", len(curves)))
        for alpha, m, sigma, got in curves:
            file.write(struct.pack("<q", len(alpha)))
            file.write(np.concatenate([alpha, m, sigma, got]).astype("<f8").tobytes())


main()
