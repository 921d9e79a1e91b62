const m = data.measurement;
const failed = data.verdicts.filter(v => v.outcome === "fails");
const number = (value, digits) => value === undefined || value === null ? "" : Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(digits || 4);
const percent = fraction => (100 * fraction).toFixed(2) + " %";

function plot(title, options) {
  return plotting.figure({ title: title, width: 960, height: 360, tools: "pan,wheel_zoom,save,reset", toolbar_location: "right", ...options });
}

// Blue for none to red for a fifth or more, by steps that also differ in lightness.
const shades = ["#2166ac", "#67a9cf", "#d1e5f0", "#f7d7a8", "#f4a582", "#d6604d", "#b2182b", "#67001f"];
const shadeEdges = [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2];
const shade = fraction => shades[shadeEdges.filter(edge => fraction >= edge).length];

function sky(title, total, unmatched) {
  const cells = m.sources.cells.filter(c => c[total] > 0);
  if (!cells.length) return;
  // A sky that lies about 0 degrees is drawn in one piece.
  const around = Math.max(...cells.map(c => c.ra)) - Math.min(...cells.map(c => c.ra)) > 180 && !cells.some(c => c.ra > 90 && c.ra < 270);
  const ra = c => around && c.ra > 180 ? c.ra - 360 : c.ra;
  const side = m.sources.cellDegrees;
  const figure = plot(title, { x_axis_label: "ra, degrees", y_axis_label: "dec, degrees", height: 480 });
  shades.forEach((color, i) => {
    const chosen = cells.filter(c => shade(c[unmatched] / c[total]) === color);
    if (!chosen.length) return;
    const width = c => side / Math.max(0.01, Math.cos(c.dec * Math.PI / 180));
    figure.quad({ left: chosen.map(c => ra(c) - width(c) / 2), right: chosen.map(c => ra(c) + width(c) / 2),
      bottom: chosen.map(c => c.dec - side / 2), top: chosen.map(c => c.dec + side / 2), color: color, line_color: null,
      legend_label: (i === 0 ? "less than 1" : "from " + 100 * shadeEdges[i - 1]) + " %" });
  });
  figure.legend.background_fill_alpha = 0.7;
  show(figure);
}

function lines(title, groups, x, y, options) {
  const figure = plot(title, options);
  groups.forEach(([name, rows], i) => {
    figure.line({ x: rows.map(x), y: rows.map(y), color: palette[i % palette.length], line_width: 2, legend_label: name || "no band" });
    figure.scatter({ x: rows.map(x), y: rows.map(y), color: palette[i % palette.length], size: 5, legend_label: name || "no band" });
  });
  show(figure);
}

function byBand(rows) {
  const groups = new Map();
  for (const row of rows) { if (!groups.has(row.band)) groups.set(row.band, []); groups.get(row.band).push(row); }
  return [...groups];
}

element("p", `Release ${data.release} (${data.releaseState}): generation ${data.generation} against ${data.fromGeneration}, which it is to replace; ` +
  `visits up to MJD ${data.cutoffMjdTai} are its input. ` + (data.piece ? `It replaces ${data.piece}. ` : "") + (failed.length ? `${failed.length} of ${data.verdicts.length} verdicts fail.` : "The check passes."));
element("p", `State ${data.state}, thresholds ${data.thresholdsDigest}.`);
element("h2", "Verdicts");
table(["", "check", "of", "measured", "allowed", ""], data.verdicts.map(v => [v.outcome, v.check, v.subject, number(v.measured), number(v.allowed), v.says]));

element("h2", "Completeness");
const c = m.completeness;
element("p", `${c.old} visit-detectors in the old generation, ${c.new} in the new: ${c.missing} missing, ${c.excused} excused, ${c.added} only in the new. ` +
  `${m.lag.visitDetectors} wait in the queue.`);
if (c.named.length) table(["visit", "detector", "band", "MJD TAI", "excuse"], c.named.map(v => [String(v.visit), v.detector, v.band, v.midpointMjdTai.toFixed(5),
  v.excuse === undefined ? "" : v.excuse || "excused"]));
if (c.idleExcuses.length) element("p", "Excuses that excuse nothing: " + c.idleExcuses.join("; ") + ".");

element("h2", "Counts by band and night");
if (m.nights.length) {
  const bands = byBand(m.nights);
  lines("Sources a night, new less old as a fraction of old", bands, n => n.night, n => n.oldSources ? (n.newSources - n.oldSources) / n.oldSources : NaN,
    { x_axis_label: "MJD", y_axis_label: "fraction" });
  table(["band", "nights", "old visit-detectors", "new", "old sources", "new", "difference"], bands.map(([band, nights]) => {
    const sum = key => nights.reduce((sum, n) => sum + n[key], 0);
    return [band, nights.length, sum("oldVisitDetectors"), sum("newVisitDetectors"), sum("oldSources"), sum("newSources"),
      sum("oldSources") ? percent(sum("newSources") / sum("oldSources") - 1) : ""];
  }));
}

element("h2", "Sources through the crosswalk");
if (!m.sources) element("p", "There is no crosswalk of the two generations.");
else {
  element("p", `Crosswalk ${m.sources.crosswalk}, ${m.sources.months.length} months of 30 days that both generations have.`);
  table(["band", "old", "without new", "new", "without old", "pairs", "median arcsec", "ra median", "ra scatter", "dec median", "dec scatter", "flux ratio", "scatter"],
    m.sources.bands.map(b => [b.band, b.old, percent(b.old ? b.oldUnmatched / b.old : 0), b.new, percent(b.new ? b.newUnmatched / b.new : 0), b.pairs,
      number(b.medianArcsec, 3), number(b.medianRaArcsec, 3), number(b.scatterRaArcsec, 3), number(b.medianDecArcsec, 3), number(b.scatterDecArcsec, 3),
      number(b.medianFluxRatio, 5), number(b.scatterFluxRatio, 3)]));
  sky("Old sources without a new one, by place", "old", "oldUnmatched");
  sky("New sources without an old one, by place", "new", "newUnmatched");
  const magnitudes = byBand(m.sources.magnitudes);
  const axes = { x_axis_label: "magnitude (AB, of the absolute flux)", y_axis_label: "fraction" };
  lines("Old sources without a new one, by magnitude", magnitudes.map(([band, rows]) => [band, rows.filter(r => r.old)]), r => r.magnitude, r => r.oldUnmatched / r.old, axes);
  lines("New sources without an old one, by magnitude", magnitudes.map(([band, rows]) => [band, rows.filter(r => r.new)]), r => r.magnitude, r => r.newUnmatched / r.new, axes);
  lines("Separations of pairs", m.sources.bands.map(b => [b.band, b.separations.map((n, i) => ({ arcsec: 0.01 * (i + 0.5), n: n }))]), s => s.arcsec, s => s.n,
    { x_axis_label: "arcsec", y_axis_label: "pairs in 0.01 arcsec" });
}

if (m.copied) {
  element("h2", "Taken over");
  element("p", `${m.copied.visitDetectors} visit-detectors were taken over, ${m.copied.ownVisitDetectors} the new generation made itself: the comparisons above are of these. ` +
    `${m.copied.renumberedObjects} objects have another number, for their first source was replaced; ${m.copied.movedSources} sources are with sources of other objects than before.`);
  table(["table", "rows", "not as they were"], m.copied.parts.map(p => [p.table, p.rows, p.different]));
  if (m.copied.named.length) table(["rows that are not as they were"], m.copied.named.map(n => [n]));
}

element("h2", "Invariants of the new generation");
table(["", "check", "first fault"], m.invariants.map(i => [i.faults.length ? "fault" : "holds", i.check, i.faults[0] || ""]));

element("h2", "Updates since the release began");
const u = m.updates;
element("p", `${u.repeated} were repeated in the new generation, ${u.waiting} wait.`);
if (u.left.length) table(["update", "left out because", "rows", "the first in update number"], u.left.map(l => [l.kind, l.reason, l.rows, String(l.first)]));

element("h2", "PPDB and disk");
if (m.ppdb.length) table(["consumer", "generation", "changes", "exported", "verified"], m.ppdb.flatMap(p => [p.old, p.new].map(g =>
  [p.consumer, String(g.generation), g.changes, g.exported, g.verified])));
else element("p", "The instance has no PPDB.");
element("p", `Old generation ${(m.disk.oldBytes / 1e6).toFixed(1)} MB, new ${(m.disk.newBytes / 1e6).toFixed(1)} MB of tables and indexes, ${m.disk.nights} nights` +
  (m.disk.freeBytes === undefined ? "." : `; ${(m.disk.freeBytes / 1e6).toFixed(1)} MB are free.`));
