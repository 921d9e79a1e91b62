"""Tables (Markdown) and a picture (SVG) from the results of tools/bench.

    summary.py DIR     reads DIR/*.json, writes DIR/cycle.svg, prints the tables
"""
import json
import os
import platform
import re
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

alerts = {line["name"]: line for name in ("alerts", "ledger") for line in lines(name)}
visit, reference = alerts.get("alerts_of_a_visit"), alerts.get("fastavro_gzip")
if visit:
    print(f"| {visit['alerts']:.0f} alerts of {visit['packet_bytes'] / 1e3:.0f} kB, three stamps | SkyLedger s | fastavro, SHA-256, gzip on one thread, s |\n|---|---|---|")
    for name, key in (("packed", "pack_seconds"), ("hashed", "hash_seconds"), ("compressed", "compress_seconds")):
        print(f"| {name} | {visit[key]:.2f} | {reference[key + '_per_10000'] * visit['alerts'] / 1e4:.2f} |" if reference else f"| {name} | {visit[key]:.2f} | |")
    print(f"| copied to the database (beside the above) | {visit['copy_seconds']:.2f} | |")
    print(f"| committed | {visit['commit_seconds']:.3f} | |")
    print(f"| all, from rows to durable | {visit['seconds']:.2f} | |\n")
    print("| ledger | alerts/s | one alert by number: median, 99 percent, ms | verified/s |\n|---|---|---|---|")
    for size in ("82000", "6000"):
        if f"ledger_write_{size}" in alerts:
            w, f, v = (alerts[f"ledger_{part}_{size}"] for part in ("write", "fetch", "verify"))
            print(f"| {w['alerts']:.0f} of {int(size) / 1e3:.0f} kB, two writers | {w['alerts_per_second']:.0f} ({w['seconds']:.1f} s) | {f['median_ms']:.2f}, {f['p99_ms']:.2f} | {v['alerts_per_second']:.0f} |")
    print()
    live = alerts.get("publish_live")
    for name in ("none", "lz4", "zstd"):
        p = alerts.get(f"publish_backlog_{name}")
        if p:
            print(f"Published, compression {name}: {p['alerts_per_second_after_first']:.0f} alerts of 20 kB a second.")
    if live:
        print(f"From the ledger to the broker's acknowledgement: {live['latency_ms_p50']:.0f} ms median, {live['latency_ms_p99']:.0f} ms at 99 percent.\n")

ppdb = lines("ppdb")
replica = json.load(open(f"{out}/peer.json")).get("replica") if os.path.exists(f"{out}/peer.json") else None
if ppdb:
    p = ppdb[0]
    print(f"| the long-term database, {p['rows']:.0f} full-width DiaSources | rows/s | s |\n|---|---|---|")
    print(f"| exported, end to end | {p['exportRowsPerSecond']:.0f} | {p['exportSeconds']:.1f} |")
    print(f"| verified, both sides of every row | {p['verifyRowsPerSecond']:.0f} | {p['verifySeconds']:.1f} |")
    print(f"| their month removed: plan, apply | | {p['retentionPlanSeconds']:.2f}, {p['retentionApplySeconds']:.2f} |")
    if replica:
        for table in ("DiaSource", "DiaObject", "DiaForcedSource"):
            print(f"| the reference reads {replica[table]['rows']} rows of {table} from its replica tables | {replica[table]['rows_per_s']:.0f} | {replica[table]['seconds']:.1f} |")
        print(f"| the reference deletes its {replica['chunks']} replica chunks | | {replica['delete_s']:.1f} |")
    print()

associations, given, scipy = lines("associate"), lines("associate-file"), lines("scipy")
if associations:
    print("| association on one thread | s | million sources/s |\n|---|---|---|")
    for a in associations:
        if a["name"] == "associate":
            print(f"| {a['sources']:.0f} sources, {a['objects']:.0f} objects, {a['squareDegrees']:g} deg2 | {a['seconds']:.3f} | {a['millionSourcesPerSecond']:.2f} |")
    print()
if given and scipy:
    ours, theirs = given[0], scipy[0]
    print(f"{ours['sources']:.0f} by {ours['objects']:.0f} positions from a file: SkyLedger {ours['seconds']:.2f} s, scipy {theirs['seconds']:.1f} s, "
          f"total costs differ by {abs(ours['totalCost'] / theirs['totalCost'] - 1):.1e} of their value.\n")
truth = lines("truth")
if truth:
    t = truth[0]
    print(f"Truth of the workload's {t['variables']} variables: purity {100 * t['purity']:.3f} percent, completeness {100 * t['completeness']:.3f} percent.\n")
solar = {line["name"]: line for line in lines("solarsystem")}
if solar:
    night = solar["solarsystem"]
    print(f"| {night['objects']:.0f} orbits | s |\n|---|---|")
    for name, text in [("load", "load (MPCORB, everything new)"), ("prepare-first", "prepare a night 109 days after the elements"), ("prepare-next", "prepare the next night")]:
        print(f"| {text} | {solar[name]['seconds']:.1f} |")
    print(f"| read the night, its index | {night['readNightSeconds']:.1f} |")
    print(f"\nOne detector: median {night['medianMilliseconds']:.2f} ms, 99 percent {night['p99Milliseconds']:.2f} ms, worst of {night['detectors']:.0f} "
          f"{night['worstMilliseconds']:.1f} ms; {night['objectsPerDetector']:.1f} objects.\n")
cycle = lines("cycle")
peer = defaultdict(list)
if os.path.exists(f"{out}/peer.json"):
    for v in json.load(open(f"{out}/peer.json"))["visits"]:
        peer[v["depth"]].append(v)
mean = lambda rows, f: sum(map(f, rows)) / len(rows)
print("Rows a visit: what the history has, and what is stored.\n")
print("| epochs a field | objects, sources, forced sources read | DiaSources, DiaForcedSources stored | the reference's reads | its stored |\n|---|---|---|---|---|")
for c in cycle:
    rows = peer[int(c["depth"])]
    theirs = " | " if not rows else (
        ", ".join(f"{mean(rows, lambda v: v['read_' + k]):.0f}" for k in ("objects", "sources", "forced")) + " | "
        + ", ".join(f"{mean(rows, lambda v: v['write_' + k]):.0f}" for k in ("sources", "forced")))
    print(f"| {c['depth']:.0f} | {c['objectsRead']:.0f}, {c['sourcesRead']:.0f}, {c['forcedRead']:.0f} | {c['diaSources']:.0f}, {c['forcedStored']:.0f} | {theirs} |")
print("\nSeconds a visit.\n")
print("| epochs a field | SkyLedger: history, objects again, associate, store | total | reference: objects, sources, forced, store | total | ratio |\n|---|---|---|---|---|---|")
points = []
for c in cycle:
    d, total = int(c["depth"]), c["secondsPerVisit"]
    row = f"| {d} | {c['readHistorySeconds']:.3f}, {c['readObjectsSeconds']:.3f}, {c['associateSeconds']:.3f}, {c['storeSeconds']:.3f} | {total:.3f} |"
    if peer[d]:
        parts = [mean(peer[d], lambda v: v["wall"][k]) for k in ("objects", "sources", "forced", "store")]
        row += f" {', '.join(f'{p:.2f}' for p in parts)} | {sum(parts):.2f} | {sum(parts) / total:.1f} |"
        points.append((d, total, total - c["readHistorySeconds"], sum(parts), parts[3]))
    else:
        row += " | | |"
        points.append((d, total, total - c["readHistorySeconds"], None, None))
    print(row)
repaired = None
if os.path.exists(f"{out}/peer-tuned.log") and points and points[-1][4]:
    found = re.findall(r"tuned: ([0-9.]+) s", open(f"{out}/peer-tuned.log").read())
    if found:
        repaired = float(found[-1]) + points[-1][4]
        print(f"\nThe reference with its cheap faults repaired: reads {found[-1]} s, with its store {repaired:.2f} s a visit: {repaired / points[-1][1]:.1f} times SkyLedger's.")
try:
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(figsize=(6.4, 4))
    axes.plot([p[0] for p in points], [p[1] for p in points], "o-", label="SkyLedger, with the whole history of the region")
    axes.plot([p[0] for p in points], [p[2] for p in points], "o--", label="SkyLedger, what the cycle itself needs")
    if any(p[3] for p in points):
        axes.plot([p[0] for p in points if p[3]], [p[3] for p in points if p[3]], "s-", label="reference (dax_apdb, SQL), as shipped")
    if repaired:
        axes.plot([points[-1][0]], [repaired], "^", label="reference, repaired")
    axes.set_yscale("log")
    axes.set_xlabel("epochs of history a field (121: twelve months)")
    axes.set_ylabel("one visit's cycle, seconds")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(f"{out}/cycle.svg")
except ImportError:
    print("\n(no picture: matplotlib is not installed)")
