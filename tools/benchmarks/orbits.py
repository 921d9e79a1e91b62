"""A catalog of made-up orbits in the Minor Planet Center's MPCORB format: orbits.py FILE COUNT [EPOCH]

Main belt for the most part, with near-Earth objects, Trojans and a few beyond Neptune; each has a number of its own. EPOCH is packed (K25BL).
"""
import sys

import numpy as np

path, count = sys.argv[1], int(sys.argv[2])
epoch = sys.argv[3] if len(sys.argv) > 3 else "K25BL"
rng = np.random.default_rng(3)
kind = rng.choice(4, count, p=[0.93, 0.025, 0.04, 0.005])
a = np.select([kind == 0, kind == 1, kind == 2], [rng.uniform(2.1, 3.3, count), rng.uniform(0.8, 2.2, count), rng.uniform(5.1, 5.3, count)],
              rng.uniform(38, 48, count))
e = np.select([kind == 0, kind == 1], [rng.beta(2, 10, count), rng.beta(3, 5, count)], rng.beta(1.5, 15, count)).clip(0, 0.95)
inclination = np.abs(rng.normal(0, 9, count)).clip(0, 80)
mean, peri, node = rng.uniform(0, 360, (3, count))
motion = 0.9856076686 / a**1.5
h = rng.uniform(14, 19, count)
letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def packed(number):
    if number < 100_000:
        return f"{number:05d}"
    if number < 620_000:
        return f"{letters[number // 10_000]}{number % 10_000:04d}"
    rest, digits = number - 620_000, ""
    for _ in range(4):
        rest, digit = divmod(rest, 62)
        digits = letters[digit] + digits
    return "~" + digits


with open(path, "w") as out:
    out.write("MINOR PLANET CENTER ORBIT DATABASE (made up)\n" + "-" * 160 + "\n")
    for i in range(count):
        name = packed(i + 1)
        # Columns from 1: designation 1-7, H 9-13, G 15-19, epoch 21-25, M 27-35, w 38-46, node 49-57, i 60-68, e 71-79, n 81-91, a 93-103, U 106.
        line = (f"{name:<7} {h[i]:5.2f}  0.15 {epoch} {mean[i]:9.5f}  {peri[i]:9.5f}  {node[i]:9.5f}  {inclination[i]:9.5f}  {e[i]:9.7f} "
                f"{motion[i]:11.8f} {a[i]:11.7f}  0 MPO000000  1000  10 2000-2025 0.50 M-v 3Ek MPCLINUX   0000")
        out.write(f"{line:<166}({i + 1})".ljust(194) + "20251121\n")
