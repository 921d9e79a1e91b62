"""Random orbits in the MPC's fixed-width format, with the values that a reader must find.

Usage: mpcorb.py OUTPUT SEED COUNT. Writes OUTPUT as a file of COUNT lines with a header, and OUTPUT.values with little-endian doubles,
for each orbit: H, G, epoch (MJD), M, argument of perihelion, node, inclination, e, a, U, number of observations, oppositions, r.m.s.
Written from the column table of the MPC's "Export Format for Minor-Planet Orbits".
"""
import datetime
import sys

import numpy as np

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def packed_number(n):
    return f"{n:05d}" if n < 100000 else DIGITS[n // 10000] + f"{n % 10000:04d}"


def main():
    output, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(seed)
    lines, values = [], []
    for k in range(count):
        date = datetime.date(1950, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 40000)))
        epoch = DIGITS[date.year // 100] + f"{date.year % 100:02d}" + DIGITS[date.month] + DIGITS[date.day]
        h, g = round(rng.uniform(3, 30), 2), round(rng.uniform(-0.1, 0.5), 2)
        m, w, node = (round(x, 5) for x in rng.uniform(0, 360, 3))
        i, e, a = round(rng.uniform(0, 170), 5), round(rng.uniform(0, 0.99), 7), round(rng.uniform(0.6, 60), 7)
        n = np.degrees(0.01720209895) * a ** -1.5
        u, observations, oppositions = int(rng.integers(0, 10)), int(rng.integers(3, 9999)), int(rng.integers(1, 40))
        rms = round(rng.uniform(0.1, 2), 2)
        number = k + 1
        line = (f"{packed_number(number):<7s} {h:5.2f} {g:5.2f} {epoch} {m:9.5f}  {w:9.5f}  {node:9.5f}  {i:9.5f}  "
                f"{e:9.7f} {n:11.8f} {a:11.7f}  "
                f"{u} {'MPO123456':>9s} {observations:5d} {oppositions:3d} {'1990-2024':9s} {rms:4.2f} M-v 3Ek Pan        0000 "
                f"{'(' + str(number) + ') Name':<28s}20240101")
        assert len(line) == 202, len(line)
        lines.append(line)
        mjd = (date - datetime.date(1858, 11, 17)).days
        values.append([h, g, mjd, m, w, node, i, e, a, u, observations, oppositions, rms])
    with open(output, "w") as file:
        file.write("MINOR PLANET CENTER ORBIT DATABASE\n\nDes'n     H     G   Epoch     M\n" + "-" * 160 + "\n")
        half = count // 2
        file.write("\n".join(lines[:half]) + "\n\n" + "\n".join(lines[half:]) + "\n")
    np.array(values).astype("<f8").tofile(output + ".values")


main()
