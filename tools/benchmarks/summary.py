"""Tables (Markdown) and a picture (SVG) from the results of tools/bench.

    summary.py DIR     reads DIR/*.json, writes DIR/cycle.svg, prints the tables
"""
import json
import os
import platform
import subprocess
import sys
from collections import defaultdict

out = sys.argv[1]


def lines(name):
    path = f"{out}/{name}.json"
    if not os.path.exists(path):
        return []
    return [json.loads(line) for line in open(path) if line.startswith("{")]


def machine():
    cpu = next((x.split(":")[1].strip() for x in open("/proc/cpuinfo") if x.startswith("model name")), platform.machine())
    memory = int(next(x.split()[1] for x in open("/proc/meminfo") if x.startswith("MemTotal"))) / 2**20
    postgres = subprocess.run(["psql", "--version"], capture_output=True, text=True).stdout.strip()
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, {postgres}"


print(f"Machine: {machine()}.\n")
htm, sphgeom = lines("htm"), lines("sphgeom")
if htm:
    print("| HTM level 20, one thread | million points a second |\n|---|---|")
    print(f"| SkyLedger, from degrees (with sines and cosines) | {htm[0]['millionPerSecondDegrees']:.1f} |")
    print(f"| SkyLedger, from unit vectors | {htm[0]['millionPerSecondVectors']:.1f} |")
    print(f"| SkyLedger, S2 level 20 from degrees | {htm[0]['millionPerSecondS2']:.1f} |")
    if sphgeom:
        print(f"| lsst-sphgeom from unit vectors, called from Python | {sphgeom[0]['millionPerSecond']:.2f} |")
        print(f"| lsst-sphgeom, less the time of a call at level 0 | {sphgeom[0]['millionPerSecondWithoutCall']:.2f} |")
    print()
ours, theirs = lines("parquet"), lines("pyarrow")
if ours:
    print("| Parquet to columns, 99 columns | SkyLedger rows/s | pyarrow rows/s |\n|---|---|---|")
    for i, a in enumerate(ours):
        b = theirs[i]["rowsPerSecond"] if i < len(theirs) else float("nan")
        print(f"| {a['rows']:.0f} rows | {a['rowsPerSecond']:.3g} | {b:.3g} |")
    print()
copy = lines("copy")
if copy:
    c = copy[0]
    print(f"| COPY BINARY, {c['rows']:.0f} rows of {c['columns']:.0f} columns | SkyLedger s | psql s | ratio |\n|---|---|---|---|")
    print(f"| in, a table without indexes | {c['inSeconds']:.3f} | {c['psqlInSeconds']:.3f} | {c['inRatio']:.2f} |")
    print(f"| out | {c['outSeconds']:.3f} | {c['psqlOutSeconds']:.3f} | {c['outRatio']:.2f} |\n")

cycle = lines("cycle")
peer = defaultdict(list)
if os.path.exists(f"{out}/peer.json"):
    for v in json.load(open(f"{out}/peer.json"))["visits"]:
        peer[v["depth"]].append(v)
mean = lambda rows, f: sum(map(f, rows)) / len(rows)
print("| epochs a field | objects read | SkyLedger read, associate, store, s | total, s | reference read, store, s | total, s | ratio |\n|---|---|---|---|---|---|---|")
points = []
for c in cycle:
    d, total = int(c["depth"]), c["secondsPerVisit"]
    row = f"| {d} | {c['objectsRead']:.0f} | {c['readObjectsSeconds']:.3f}, {c['associateSeconds']:.3f}, {c['storeSeconds']:.3f} | {total:.3f} |"
    if peer[d]:
        read, store = mean(peer[d], lambda v: v["wall"]["objects"]), mean(peer[d], lambda v: v["wall"]["store"])
        row += f" {read:.2f}, {store:.2f} | {read + store:.2f} | {(read + store) / total:.1f} |"
        points.append((d, total, read + store))
    else:
        row += " | | |"
        points.append((d, total, None))
    print(row)
try:
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(figsize=(6.4, 4))
    axes.plot([p[0] for p in points], [p[1] for p in points], "o-", label="SkyLedger")
    if any(p[2] for p in points):
        axes.plot([p[0] for p in points if p[2]], [p[2] for p in points if p[2]], "s-", label="reference (dax_apdb, SQL), as shipped")
    axes.set_yscale("log")
    axes.set_xlabel("epochs of history a field (121: twelve months)")
    axes.set_ylabel("read objects and store, seconds a visit")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(f"{out}/cycle.svg")
except ImportError:
    print("\n(no picture: matplotlib is not installed)")
