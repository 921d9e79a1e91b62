"""The geometry of moving objects by scipy and astropy, against which rows of SSSource are checked: sssource.py OUTPUT SEED KERNEL.

Lines of numbers, one a source: the body's heliocentric state (ICRF, au, au/day) and its epoch (MJD TDB), the time (MJD UTC) and the
observatory (longitude, rho cos phi, rho sin phi), where the source was seen (degrees), H and G; then the columns of SSSource from eclLambda
to topo_vtot in the schema's order. Bodies are put where they are seen near RA 0, near a pole, near the Earth and anywhere.
KERNEL is DE440. UT1 is taken as UTC, and the pole of rotation as that of the Earth's figure, which puts a place up to 18 m elsewhere.
"""
import sys
import warnings

import astropy.units as u
import astropy.coordinates.builtin_frames.intermediate_rotation_transforms as rotation
import numpy as np
from astropy.coordinates import BarycentricMeanEcliptic, CartesianRepresentation, EarthLocation, SkyCoord
from astropy.time import Time
from astropy.utils import iers
from scipy.integrate import solve_ivp

import ephemerides

iers.conf.auto_download = False
rotation.get_polar_motion = lambda time: (0.0, 0.0)
warnings.simplefilter("ignore")
KMS = ephemerides.AU / ephemerides.DAY


def path(kernel, state, epoch, first, last):
    """The body's barycentric path as a function of MJD TDB."""
    def forces(t, y):
        r, v = y[:3], y[3:]
        sun, motion = kernel.state(10, t)
        total = np.zeros(3)
        for code, gm in zip(ephemerides.CODES, ephemerides.GMS):
            d = (sun if code == 10 else kernel.state(code, t)[0]) - r
            total += gm * d / np.linalg.norm(d) ** 3
        h, w = r - sun, v - motion
        distance = np.linalg.norm(h)
        gm = ephemerides.GMS[0]
        total += gm / (ephemerides.LIGHT**2 * distance**3) * ((4 * gm / distance - w @ w) * h + 4 * (h @ w) * w)
        return np.concatenate([w + motion, total])

    sun, drift = kernel.state(10, epoch)
    start = np.concatenate([state[:3] + sun, state[3:] + drift])
    before = solve_ivp(forces, (epoch, first), start, method="DOP853", rtol=3e-14, atol=1e-16)
    done = solve_ivp(forces, (first, last), before.y[:, -1], method="DOP853", rtol=3e-14, atol=1e-16, dense_output=True, max_step=0.1)
    return done.sol


def observer(kernel, mjd, place):
    time = Time(mjd, format="mjd", scale="utc")
    time.delta_ut1_utc = 0
    position, velocity = place.get_gcrs_posvel(time)
    earth, motion = kernel.state(399, time.tdb.mjd)
    return time.tdb.mjd, earth + position.xyz.to_value(u.au), motion + velocity.xyz.to_value(u.au / u.day)


def seen(kernel, body, mjd, place):
    """Time TDB, when the light left, body then, observer now."""
    now, where, motion = observer(kernel, mjd, place)
    then = now
    for _ in range(8):
        state = body(then)
        then = now - np.linalg.norm(state[:3] - where) / ephemerides.LIGHT
    return now, then, body(then), where, motion


def radec(v):
    place = SkyCoord(CartesianRepresentation(*v)).spherical
    return place.lon.deg % 360, place.lat.deg


def rates(kernel, body, mjd, place):
    """Degrees a day to the east and to the north, by differences of five directions."""
    step = 0.005
    at = []
    for k in (-2, -1, 0, 1, 2):
        _, _, state, where, _ = seen(kernel, body, mjd + k * step, place)
        at.append((state[:3] - where) / np.linalg.norm(state[:3] - where))
    motion = np.array([1, -8, 0, 8, -1]) @ np.array(at) / (12 * step)
    east = np.cross([0, 0, 1], at[2])
    east /= np.linalg.norm(east)
    return np.degrees(motion @ east), np.degrees(motion @ np.cross(at[2], east))


def magnitude(h, g, r, delta, alpha):
    """Bowell et al. 1989, equations A4 to A6."""
    t = np.tan(alpha / 2)
    w = np.exp(-90.56 * t * t)

    def phi(a, b, c):
        return w * (1 - c * np.sin(alpha) / (0.119 + 1.341 * np.sin(alpha) - 0.754 * np.sin(alpha) ** 2)) + (1 - w) * np.exp(-a * t**b)
    return h + 5 * np.log10(r * delta) - 2.5 * np.log10((1 - g) * phi(3.332, 0.631, 0.986) + g * phi(1.862, 1.218, 0.238))


def source(kernel, chance, number):
    mjd = chance.uniform(58000, 62000)
    longitude, across = chance.uniform(0, 360), chance.uniform(0.3, 1)
    along = np.sqrt(1 - across**2) * chance.choice([-1, 1])
    angle = np.radians(longitude)
    place = EarthLocation.from_geocentric(*(6378.137 * np.array([across * np.cos(angle), across * np.sin(angle), along])), unit=u.km)
    ra, dec = [(chance.uniform(-1, 1) / 3600, chance.uniform(-60, 60)), (chance.uniform(0, 360), chance.choice([-1, 1]) * 89.99),
               (chance.uniform(0, 360), chance.uniform(-80, 80))][number % 3]
    distance = [0.03, 0.3, 1.2, 2.5, 30][number % 5]
    now, where, _ = observer(kernel, mjd, place)
    toward = np.array([np.cos(np.radians(dec)) * np.cos(np.radians(ra)), np.cos(np.radians(dec)) * np.sin(np.radians(ra)),
                       np.sin(np.radians(dec))])
    sun, _ = kernel.state(10, now)
    helio = where + distance * toward - sun
    speed = np.cross(helio, chance.normal(size=3))
    speed *= np.sqrt(ephemerides.GMS[0] / np.linalg.norm(helio)) / np.linalg.norm(speed) * chance.uniform(0.8, 1.2)
    # Where it will be once its light has come, so that it is seen in the direction that was chosen.
    state = np.concatenate([helio + speed * distance / ephemerides.LIGHT, speed])
    epoch = now
    body = path(kernel, state, epoch, now - 0.5, now + 0.5)
    now, then, at, where, motion = seen(kernel, body, mjd, place)

    topo, topo_v = at[:3] - where, (at[3:] - motion) * KMS
    sun, drift = kernel.state(10, then)
    helio, helio_v = at[:3] - sun, (at[3:] - drift) * KMS
    r, delta = np.linalg.norm(helio), np.linalg.norm(topo)
    sunward = kernel.state(10, now)[0] - where

    def between(a, b):
        return np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)
    alpha = between(helio, topo)
    ra_rate, dec_rate = rates(kernel, body, mjd, place)
    rate = np.hypot(ra_rate, dec_rate)
    predicted = SkyCoord(*radec(topo), unit="deg")
    observed = predicted.directional_offset_by(chance.uniform(0, 360) * u.deg, chance.uniform(0.01, 3) * u.arcsec)
    turn, total = predicted.position_angle(observed).rad, predicted.separation(observed).arcsec
    track = np.arctan2(ra_rate, dec_rate)
    ecliptic = observed.transform_to(BarycentricMeanEcliptic(equinox="J2000"))
    h, g = chance.uniform(5, 25), chance.uniform(0, 0.4)
    yield from [*state, epoch, mjd, longitude, across, along, observed.ra.deg, observed.dec.deg, h, g]
    yield from [ecliptic.lon.deg, ecliptic.lat.deg, observed.galactic.l.deg, observed.galactic.b.deg]
    yield from [np.degrees(between(sunward, topo)), np.degrees(alpha), delta, topo @ topo_v / delta, r, helio @ helio_v / r]
    yield from [predicted.ra.deg, predicted.dec.deg, magnitude(h, g, r, delta, alpha), rate, ra_rate, dec_rate]
    yield from [total, total * np.sin(turn), total * np.cos(turn), total * np.cos(turn - track), total * np.sin(track - turn)]
    yield from [*helio, *helio_v, np.linalg.norm(helio_v), *topo, *topo_v, np.linalg.norm(topo_v)]


def main():
    output, seed, kernel = sys.argv[1], int(sys.argv[2]), ephemerides.Kernel(sys.argv[3])
    chance = np.random.default_rng(seed)
    with open(output, "w") as file:
        for number in range(30):
            file.write(" ".join(repr(float(value)) for value in source(kernel, chance, number)) + "\n")


main()
