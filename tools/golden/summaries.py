"""Recomputes summary statistics of DiaObjects with numpy and scipy and compares: summaries.py DIRECTORY SOURCE_MONTHS FORCED_MONTHS

DIRECTORY holds sources.parquet and forced.parquet (rows with the number of their object, NaN where a value is missing) and
summary.parquet (a row an object, null where a statistic does not exist). Exits with 1 and a line a column where any differ by more
than a millionth, compared as 32-bit floats where the column is one.
"""
import math
import sys
import warnings

import numpy as np
import pyarrow.parquet as pq
from scipy import stats

BANDS = "ugrizy"
warnings.simplefilter("ignore")


def mean_position(ra, dec, ra_err, dec_err, covariance):
    """Mean of unit vectors; each covariance is carried to the mean by the smallest rotation in three dimensions that takes its position there."""
    ok = np.isfinite(ra) & np.isfinite(dec)
    ra, dec = np.radians(ra[ok]), np.radians(dec[ok])
    if len(ra) == 0:
        return [np.nan] * 5
    vectors = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    total = vectors.sum(axis=0)
    mean_ra, mean_dec = math.atan2(total[1], total[0]), math.atan2(total[2], math.hypot(total[0], total[1]))

    def frame(a, d):
        return np.array([[-np.sin(a), np.cos(a), 0], [-np.sin(d) * np.cos(a), -np.sin(d) * np.sin(a), np.cos(d)]])

    plane, mean = frame(mean_ra, mean_dec), total / np.linalg.norm(total)
    seen = np.zeros((2, 2))
    for vector, a, d, east, north, both in zip(vectors, ra, dec, ra_err[ok], dec_err[ok], covariance[ok]):
        both = both if np.isfinite(both) else 0.0
        axis = np.cross(vector, mean)
        k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        rotation = np.eye(3) + k + k @ k / (1 + vector @ mean)
        turned = plane @ rotation @ frame(a, d).T
        seen += turned @ np.array([[east**2, both], [both, north**2]]) @ turned.T
    seen /= len(ra) ** 2
    return [np.degrees(mean_ra) % 360, np.degrees(mean_dec), math.sqrt(seen[0, 0]), math.sqrt(seen[1, 1]), seen[0, 1]]


def mean_and_sigma(flux, error):
    ok = np.isfinite(flux) & np.isfinite(error) & (error > 0)
    finite = flux[np.isfinite(flux)]
    sigma = np.std(finite, ddof=1) if len(finite) >= 2 else np.nan
    if not ok.any():
        return np.nan, np.nan, sigma
    weight = error[ok] ** -2.0
    return np.average(flux[ok], weights=weight), weight.sum() ** -0.5, sigma


def stetson_j(flux, error):
    n = len(flux)
    if n < 2:
        return np.nan
    inverse = 1 / error**2
    factor = math.sqrt(n / (n - 1))
    mean = np.average(flux, weights=inverse)
    for _ in range(20):
        chi = np.abs(factor * (flux - mean) / error)
        new = np.average(flux, weights=inverse / (1 + (chi / 2) ** 2))
        step, mean = abs(new - mean), new
        if step < 1e-6 * abs(mean) and step < 1e-6:
            break
    p = (factor * (flux - mean) / error) ** 2 - 1
    return np.mean(np.sign(p) * np.sqrt(np.abs(p)))


def line(time, flux, error):
    if len(time) < 2 or time.min() == time.max():
        return np.nan, np.nan
    middle = time.mean()
    design = np.stack([(time - middle) / error, 1 / error], axis=1)
    slope, level = np.linalg.lstsq(design, flux / error, rcond=None)[0]
    return slope, level - slope * middle


def max_slope(time, flux):
    slopes = [(b - a) / (u - t) for t, u, a, b in zip(time, time[1:], flux, flux[1:]) if u > t]
    return max(slopes) if slopes else np.nan


def band_statistics(time, flux, error):
    finite = np.isfinite(flux)
    t, f = time[finite], flux[finite]
    weighted = finite & np.isfinite(error) & (error > 0)
    tw, fw, ew = time[weighted], flux[weighted], error[weighted]
    out = dict(zip(["psfFluxMean", "psfFluxMeanErr", "psfFluxSigma"], mean_and_sigma(flux, error)))
    out["psfFluxNdata"] = len(f)
    out["psfFluxMin"], out["psfFluxMax"] = (f.min(), f.max()) if len(f) else (np.nan, np.nan)
    out["psfFluxMaxSlope"] = max_slope(t, f)
    out["psfFluxErrMean"] = np.mean(error[np.isfinite(error)]) if np.isfinite(error).any() else np.nan
    out["psfFluxChi2"] = np.sum(((fw - out["psfFluxMean"]) / ew) ** 2) if len(fw) else np.nan
    out["psfFluxMAD"] = stats.median_abs_deviation(f, scale=1.0) if len(f) else np.nan
    # scipy gives NaN for values that are all equal, where pandas gives 0.
    out["psfFluxSkew"] = (0.0 if np.ptp(f) == 0 else stats.skew(f, bias=False)) if len(f) >= 3 else np.nan
    for percent in (5, 25, 50, 75, 95):
        out[f"psfFluxPercentile{percent:02d}"] = np.percentile(f, percent) if len(f) else np.nan
    out["psfFluxLinearSlope"], out["psfFluxLinearIntercept"] = line(tw, fw, ew)
    out["psfFluxStetsonJ"] = stetson_j(fw, ew)
    return out


def read(path):
    table = pq.read_table(path)
    return {name: table[name].to_numpy() for name in table.schema.names}


def rows_of(columns, objects):
    """Rows of each object, in the order of time and identifier."""
    identifier = columns.get("diaSourceId", columns["psfFlux"])
    order = np.lexsort((identifier, columns["midpointMjdTai"], columns["object"]))
    starts = np.searchsorted(columns["object"][order], np.arange(objects + 1))
    return [order[starts[i] : starts[i + 1]] for i in range(objects)]


def recompute(sources, forced, objects, source_days, forced_days):
    out = []
    for rows, forced_rows in zip(rows_of(sources, objects), rows_of(forced, objects)):
        row = {}
        out.append(row)
        if len(rows) == 0:
            row.update({f"{band}_psfFluxNdata": 0 for band in BANDS})
            continue
        s = {name: values[rows] for name, values in sources.items()}
        last = s["midpointMjdTai"].max()
        s = {name: values[s["midpointMjdTai"] > last - source_days] for name, values in s.items()}
        f = {name: values[forced_rows] for name, values in forced.items()}
        f = {name: values[f["midpointMjdTai"] > last - forced_days] for name, values in f.items()}
        row["summaryStartMjdTai"] = last - source_days
        position = mean_position(*[s[name].astype(float) for name in ("ra", "dec", "raErr", "decErr", "raDecCov")])
        row.update(zip(("ra", "dec", "raErr", "decErr", "ra_dec_Cov"), position))
        for number, band in enumerate(BANDS):
            here, there = s["band"] == number, f["band"] == number
            time = s["midpointMjdTai"][here]
            psf = band_statistics(time, s["psfFlux"][here].astype(float), s["psfFluxErr"][here].astype(float))
            row.update({f"{band}_{name}": value for name, value in psf.items()})
            for kind, columns, mask, prefix in (("science", s, here, "scienceFlux"), ("fp", f, there, "psfFlux")):
                values = mean_and_sigma(columns[prefix][mask].astype(float), columns[prefix + "Err"][mask].astype(float))
                row.update(zip((f"{band}_{kind}FluxMean", f"{band}_{kind}FluxMeanErr", f"{band}_{kind}FluxSigma"), values))
    return out


def absolute_tolerance(name, row):
    """What rounding leaves of a number that is a difference of larger ones: a billionth of those."""
    if name == "ra_dec_Cov":
        return 1e-9 * row["raErr"] * row["decErr"]
    if name in ("raErr", "decErr"):
        return 0.0
    if name == "ra":
        return 1e-12 / max(1e-15, math.cos(math.radians(row["dec"])))
    if name in ("dec", "summaryStartMjdTai"):
        return 1e-12
    if name.endswith(("Skew", "StetsonJ")):
        return 1e-8
    if name.endswith(("Slope", "Intercept")):
        return 1e-9 * abs(row[name[:2] + "psfFluxLinearSlope"]) * (1e5 if name.endswith("Intercept") else 1)
    return 1e-9 * abs(row.get(name[:2] + "psfFluxMax", 1.0))


def compare(table, expected):
    """The columns of a table of summaries against recomputed rows: what differs, a line a column, and how many values were compared."""
    wrong_columns, compared = [], 0
    for field in table.schema:
        name, values = field.name, table[field.name].to_pylist()
        single = str(field.type) == "float"
        wrong, worst = [], 0.0
        for number, (mine, row) in enumerate(zip(values, expected)):
            theirs = row.get(name, np.nan)
            theirs = np.float32(theirs) if single else theirs
            if mine is None or not np.isfinite(theirs):
                bad = (mine is None) == bool(np.isfinite(theirs))
            else:
                compared += 1
                difference = abs(mine - float(theirs))
                if name == "ra":
                    difference = min(difference, 360 - difference)
                tolerance = absolute_tolerance(name, row)
                tolerance = (tolerance if np.isfinite(tolerance) else 0) + (0 if name in ("ra", "dec") else 1e-6 * abs(theirs))
                bad = difference > tolerance
                worst = max(worst, difference / abs(theirs) if theirs else difference)
            if bad:
                wrong.append((number, mine, theirs))
        if wrong:
            wrong_columns.append(f"{name}: {len(wrong)} of {len(values)} objects differ, first {wrong[:3]}, worst {worst:.3g}")
    return wrong_columns, compared


def main():
    directory, source_months, forced_months = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    table = pq.read_table(directory + "/summary.parquet")
    expected = recompute(
        read(directory + "/sources.parquet"), read(directory + "/forced.parquet"), table.num_rows, 30.0 * source_months,
        30.0 * forced_months)
    wrong, compared = compare(table, expected)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(table.schema)} columns of {table.num_rows} objects, {compared} values compared")
    return 1 if wrong or compared == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
