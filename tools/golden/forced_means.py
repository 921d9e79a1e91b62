"""Recomputes the forced-flux means of DiaObjects from an instance's rows with numpy: forced_means.py SOCKET_FOLDER FORCED_MONTHS

The window of an object ends nowhere and begins FORCED_MONTHS months of 30 days before its last DiaSource; flagged and withdrawn rows count
nowhere. Compares every open version's u_ to y_fpFluxMean, MeanErr and Sigma, as far as it has them, with what the rows give,
as 32-bit floats, to a millionth.
Prints how many values were compared and how many objects have any; ends with 1 where one differs, or where there is nothing to compare.
"""
import collections
import sys

import numpy as np
import psycopg2

from summaries import BANDS, mean_and_sigma

socket, months = sys.argv[1], int(sys.argv[2])
cursor = psycopg2.connect(host=socket, user="skyledger_reader", dbname="skyledger").cursor()


def rows(sql):
    cursor.execute(sql)
    return cursor.fetchall()


last = {}
for number, time in rows(
    'SELECT "diaObjectId", "midpointMjdTai" FROM apdb."DiaSource" WHERE "diaObjectId" IS NOT NULL AND "timeWithdrawnMjdTai" IS NULL'
):
    last[number] = max(time, last.get(number, -np.inf))

measured = collections.defaultdict(list)
for number, time, band, flux, error, flag in rows(
    'SELECT "diaObjectId", "midpointMjdTai", "band", "psfFlux", "psfFluxErr", "psfFlux_flag" FROM apdb."DiaForcedSource"'
    ' WHERE "timeWithdrawnMjdTai" IS NULL'
):
    if number in last and time > last[number] - 30.0 * months and not flag:
        measured[number, band].append((np.nan if flux is None else flux, np.nan if error is None else error))

cursor.execute('SELECT * FROM apdb."DiaObject" LIMIT 0')
known = {column[0] for column in cursor.description}
# Documents of different age have more or fewer of them.
names = [name for name in ("fpFluxMean", "fpFluxMeanErr", "fpFluxSigma") if "r_" + name in known]
columns = ", ".join(f'"{band}_{name}"' for band in BANDS for name in names)
wrong, compared, objects = 0, 0, set()
for number, *stored in rows(f'SELECT "diaObjectId", {columns} FROM apdb."DiaObject" WHERE "validityEndMjdTai" IS NULL'):
    for place, band in enumerate(BANDS):
        values = np.array(measured.get((number, band), []), dtype=float).reshape(-1, 2)
        for name, mine, theirs in zip(names, stored[len(names) * place :], mean_and_sigma(values[:, 0], values[:, 1])):
            theirs = float(np.float32(theirs))
            if mine is None and np.isnan(theirs):
                continue
            compared += 1
            objects.add(number)
            if mine is None or np.isnan(theirs) or abs(mine - theirs) > 1e-6 * max(abs(theirs), abs(mine)):
                wrong += 1
                print(f"DiaObject {number}: {band}_{name} is {mine}, the rows give {theirs}", file=sys.stderr)
print(f"{compared} values of {len(objects)} objects")
sys.exit(1 if wrong or not compared else 0)
