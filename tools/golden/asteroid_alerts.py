"""LSST's alerts of asteroids and all sources of their visits, for the tests of matching: asteroid_alerts.py OUTPUT SEED FOLDER.

Lines of words, the first one of these (identifiers are whole numbers, all else decimal):
  alert   diaSourceId ssObjectId visit MJD-TAI ra dec, then q e i node argperi peri_time epoch u_param h g of the alert's orbit, "None"
          for what it lacks, then ephRa ephDec eclBeta galLon galLat elongation phaseAngle ephOffset ephOffsetRa ephOffsetDec and the 14
          vector columns helio_x to topo_vtot as the survey gives them
  source  diaSourceId visit ra dec raErr decErr (degrees)
SEED is not used.
"""
import glob
import sys

import avro_container
import pyarrow.parquet as pq

ELEMENTS = ["q", "e", "i", "node", "argperi", "peri_time", "epoch_mjd", "u_param", "h", "g"]
GEOMETRY = ["ephRa", "ephDec", "eclBeta", "galLon", "galLat", "elongation", "phaseAngle", "ephOffset", "ephOffsetRa", "ephOffsetDec"]
VECTORS = [f"{frame}_{axis}" for frame in ("helio", "topo") for axis in ("x", "y", "z", "vx", "vy", "vz", "vtot")]


def main():
    output, folder = sys.argv[1], sys.argv[3]
    rows = [row for path in sorted(glob.glob(folder + "/*.avro")) for row in avro_container.rows(path)]
    for path in sorted(glob.glob(folder + "/transfer/*.parquet")):
        rows += pq.read_table(path, columns=["diaSource", "ssSource", "mpc_orbits"]).to_pylist()
    lines, visits, sources = [], set(), {}
    for row in sorted(rows, key=lambda row: row["diaSource"]["diaSourceId"]):
        source, survey, orbit = row["diaSource"], row["ssSource"], row["mpc_orbits"]
        if not survey or not survey["ephRa"] or not orbit:
            continue
        facts = [source["diaSourceId"], source["ssObjectId"], source["visit"], source["midpointMjdTai"], source["ra"], source["dec"]]
        lines.append(["alert", *facts, *(orbit[name] for name in ELEMENTS), *(survey[name] for name in GEOMETRY + VECTORS)])
        visits.add(source["visit"])
        sources[source["diaSourceId"]] = [source["diaSourceId"], *(source[name] for name in ("visit", "ra", "dec", "raErr", "decErr"))]
    columns = ["diaSourceId", "visit", "ra", "dec", "raErr", "decErr"]
    for row in pq.read_table(folder + "/derived_diaSource.parquet", columns=columns).to_pylist():
        if row["visit"] in visits:
            sources[row["diaSourceId"]] = [row[name] for name in columns]
    lines += [["source", *sources[key]] for key in sorted(sources)]
    with open(output, "w") as file:
        for line in lines:
            file.write(" ".join(str(word) for word in line) + "\n")


main()
