"""Independent numbers for the tests of the SolarSystem room: ephemerides.py OUTPUT SUBJECT [ARGUMENT ...].

The file is lines of numbers. Subjects:
  planets KERNEL           body (order of the Swift enum), MJD TDB, x, y, z, vx, vy, vz: the kernel's polynomials by numpy
  propagation KERNEL       x, y, z, vx, vy, vz (heliocentric, ICRF), epoch, target, then the state there by scipy's DOP853
  observatories            MJD UTC, longitude, rho cos phi, rho sin phi, GCRS x, y, z (au) and velocity (au/day) by astropy
  lsst FOLDER              q, e, i, node, argperi, peri_time, epoch, midpointMjdTai, ephRa, ephDec of the alerts of known asteroids
  hits FOLDER              tmin, tmax, midpointMjdTai, ra, dec, then x, y, z of the object's and of the observer's 8 coefficients
"""

import glob
import sys

import numpy as np

AU = 149597870.7
DAY = 86400.0
CODES = [10, 1, 2, 399, 301, 4, 5, 6, 7, 8, 9]
GMS = np.array([132712440041.27942, 22031.868551, 324858.592, 398600.435507, 4902.800118, 42828.375816, 126712764.1, 37940584.8418,
                5794556.4, 6836527.10058, 975.5]) / AU**3 * DAY**2
LIGHT = 299792.458 * DAY / AU


class Kernel:
    def __init__(self, path):
        self.words = np.memmap(path, dtype="<f8", mode="r")
        raw = np.memmap(path, dtype="u1", mode="r")
        self.segments = {}
        record = int(raw[76:80].view("<i4")[0])
        while record:
            start = (record - 1) * 128
            for k in range(int(self.words[start + 2])):
                summary = start + 3 + 5 * k
                target, center, _, kind, begin, end = raw[8 * (summary + 2):8 * (summary + 5)].view("<i4")
                initial, interval, size, count = self.words[end - 4:end]
                assert kind == 2
                table = self.words[begin - 1:begin - 1 + int(size * count)].reshape(int(count), int(size))
                self.segments[int(target)] = (int(center), initial, interval, table)
            record = int(self.words[start])

    def state(self, code, mjd):
        position, velocity = np.zeros(3), np.zeros(3)
        seconds = (mjd - 51544.5) * DAY
        while code != 0:
            center, initial, interval, table = self.segments[code]
            row = table[min(int((seconds - initial) // interval), len(table) - 1)]
            series = row[2:].reshape(3, -1).T
            x = (seconds - row[0]) / row[1]
            position += np.polynomial.chebyshev.chebval(x, series)
            velocity += np.polynomial.chebyshev.chebval(x, np.polynomial.chebyshev.chebder(series)) / row[1]
            code = center
        return position / AU, velocity * DAY / AU


def planets(kernel):
    chance = np.random.default_rng(1)
    kernel = Kernel(kernel)
    for body, code in enumerate(CODES):
        for mjd in chance.uniform(30000, 80000, 40):
            position, velocity = kernel.state(code, mjd)
            yield [body, mjd, *position, *velocity]


def propagation(kernel):
    from scipy.integrate import solve_ivp

    kernel = Kernel(kernel)
    chance = np.random.default_rng(2)

    def forces(t, y):
        r, v = y[:3], y[3:]
        sun, motion = kernel.state(10, t)
        total = np.zeros(3)
        for code, gm in zip(CODES, GMS):
            d = (sun if code == 10 else kernel.state(code, t)[0]) - r
            total += gm * d / np.linalg.norm(d) ** 3
        h, w = r - sun, v - motion
        distance = np.linalg.norm(h)
        total += GMS[0] / (LIGHT**2 * distance**3) * ((4 * GMS[0] / distance - w @ w) * h + 4 * (h @ w) * w)
        return np.concatenate([w + motion, total])

    for number in range(8):
        epoch = 58000.0 + 100 * number
        target = epoch + (400 if number % 2 else -400)
        distance = [0.5, 0.9, 1.2, 2.2, 2.8, 5.0, 20.0, 40.0][number]
        place = chance.normal(size=3)
        place *= distance / np.linalg.norm(place)
        motion = np.cross(place, chance.normal(size=3))
        motion *= np.sqrt(GMS[0] / distance) * [0.95, 1.1, 0.8, 1.0, 1.05, 1.0, 1.42, 0.9][number] / np.linalg.norm(motion)
        sun, drift = kernel.state(10, epoch)
        done = solve_ivp(forces, (epoch, target), np.concatenate([place + sun, motion + drift]), method="DOP853", rtol=3e-14, atol=1e-16)
        sun, drift = kernel.state(10, target)
        yield [*place, *motion, epoch, target, *(done.y[:3, -1] - sun), *(done.y[3:, -1] - drift)]


def observatories():
    import astropy.units as u
    from astropy.coordinates import EarthLocation
    from astropy.time import Time
    from astropy.utils import iers

    iers.conf.auto_download = False
    chance = np.random.default_rng(3)
    for mjd in chance.uniform(50000, 62000, 20):
        longitude, across = chance.uniform(0, 360), chance.uniform(0.1, 1)
        along = np.sqrt(1 - across**2) * chance.choice([-1, 1])
        angle = np.radians(longitude)
        place = EarthLocation.from_geocentric(*(6378.137 * np.array([across * np.cos(angle), across * np.sin(angle), along])), unit=u.km)
        time = Time(mjd, format="mjd", scale="utc")
        time.delta_ut1_utc = 0
        position, velocity = place.get_gcrs_posvel(time)
        yield [mjd, longitude, across, along, *position.xyz.to_value(u.au), *velocity.xyz.to_value(u.au / u.day)]


def lsst(folder):
    import avro_container
    import pyarrow.parquet as pq

    rows = [row for path in glob.glob(folder + "/*.avro") for row in avro_container.rows(path)]
    for path in glob.glob(folder + "/transfer/*.parquet"):
        rows += pq.read_table(path, columns=["diaSource", "ssSource", "mpc_orbits"]).to_pylist()
    for row in sorted(rows, key=lambda row: row["diaSource"]["diaSourceId"]):
        source, orbit = row["ssSource"], row["mpc_orbits"]
        if source and orbit and source["ephRa"] and orbit["peri_time"]:
            yield [*(orbit[name] for name in ("q", "e", "i", "node", "argperi", "peri_time", "epoch_mjd")),
                   row["diaSource"]["midpointMjdTai"], source["ephRa"], source["ephDec"]]


def hits(folder):
    import pyarrow.parquet as pq

    for visit in ("411420", "419802"):
        start = f"{folder}/preloaded_"
        times = pq.read_table(f"{start}dia_source_DECam_{visit}_S22_dia_catalogs_apdb.parq")
        newest = max(times["midpointMjdTai"].to_pylist())
        for row in pq.read_table(f"{start}SsObjects_DECam_{visit}_S22_sso_cached.parq").to_pylist():
            series = [row[f"{who}_{axis}_poly"] for who in ("obj", "obs") for axis in "xyz"]
            yield [row["tmin"], row["tmax"], newest, row["ra"], row["dec"], *(c for one in series for c in one)]


if __name__ == "__main__":
    subject = {"planets": planets, "propagation": propagation, "observatories": observatories, "lsst": lsst, "hits": hits}[sys.argv[2]]
    with open(sys.argv[1], "w") as file:
        for row in subject(*sys.argv[3:]):
            file.write(" ".join(repr(float(value)) for value in row) + "\n")
