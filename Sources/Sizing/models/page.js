function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
  let unit = 0;
  while (Math.abs(bytes) >= 999.5 && unit < units.length - 1) { bytes /= 1000; unit += 1; }
  return (unit === 0 ? bytes.toFixed(0) : bytes.toPrecision(3)) + " " + units[unit];
}

// The unit that the largest of some values is best told in.
function scaleOf(values) {
  const largest = Math.max(1, ...values);
  const power = Math.min(6, Math.floor(Math.log10(largest) / 3));
  return { divisor: Math.pow(1000, power), unit: ["B", "kB", "MB", "GB", "TB", "PB", "EB"][power] };
}

// Horizontal bars, the longest at the top; each a stack of parts.
function bars(title, names, parts, labels) {
  const scale = scaleOf(names.map((_, i) => parts.reduce((sum, part) => sum + part[i], 0)));
  const order = names.map((_, i) => i).reverse();
  const figure = plotting.figure({
    title: title, width: 960, height: 90 + 26 * names.length, y_range: order.map(i => names[i]), x_axis_label: scale.unit,
    tools: "pan,xwheel_zoom,save,reset", toolbar_location: "right"});
  let left = order.map(() => 0);
  parts.forEach((part, p) => {
    const right = order.map((i, at) => left[at] + part[i] / scale.divisor);
    const options = { y: order.map(i => names[i]), left: left, right: right, height: 0.7, color: palette[p], line_color: null };
    figure.hbar(labels ? { ...options, legend_label: labels[p] } : options);
    left = right;
  });
  if (labels) figure.legend.location = "bottom_right";
  show(figure);
}

// Areas one upon another over time.
function areas(title, times, names, values, low, high) {
  const scale = scaleOf(high);
  const x = times.map((_, i) => i);
  const figure = plotting.figure({
    title: title, width: 960, height: 420, y_axis_label: scale.unit, tools: "pan,wheel_zoom,save,reset", toolbar_location: "right"});
  let bottom = x.map(() => 0);
  names.forEach((name, n) => {
    const top = x.map(i => bottom[i] + values[n][i] / scale.divisor);
    figure.varea({ x: x, y1: bottom, y2: top, color: palette[n % palette.length], legend_label: name });
    bottom = top;
  });
  figure.line({ x: x, y: low.map(v => v / scale.divisor), color: "#222222", line_dash: "dashed", legend_label: "low, high" });
  figure.line({ x: x, y: high.map(v => v / scale.divisor), color: "#222222", line_dash: "dashed" });
  const ticks = x.filter(i => i % Math.ceil(x.length / 12) === 0);
  figure.xaxis.ticker = new Bokeh.FixedTicker({ ticks: ticks });
  figure.xaxis.major_label_overrides = new Map(ticks.map(i => [i, times[i]]));
  figure.legend.location = "top_left";
  figure.legend.background_fill_alpha = 0.6;
  show(figure);
}

function report() {
  const m = data.measurement;
  element("p", `Measured at ${m.measuredAt}, generation ${m.generation}: ${size(data.bytes)} of tables and indexes, ${m.visits.length} visits in ` +
    `${data.nights.length} nights. Write-ahead log: ${m.server.walBytes === undefined ? "not visible from here" : size(m.server.walBytes)}.`);
  if (data.beside.length) element("p", data.beside.map(b => `Beside them ${b.label}: ${size(b.bytes)}, ${b.rows.toLocaleString("en")} rows.`).join(" ") +
    ` In all ${size(data.bytesInAll)}.`);
  const names = data.tables.filter(t => t.bytes > 0).sort((a, b) => b.bytes - a.bytes).slice(0, 15).map(t => t.table);
  const sum = (name, key) => m.relations.filter(r => r.table === name).reduce((sum, r) => sum + r[key], 0);
  bars("Bytes by table, measured", names, [names.map(n => sum(n, "heapBytes") + sum(n, "mapBytes")), names.map(n => sum(n, "toastBytes")),
    names.map(n => sum(n, "indexBytes"))], ["rows", "long values (TOAST)", "indexes"]);
  const columns = [...m.columns].sort((a, b) => b.bytes - a.bytes).slice(0, 20);
  if (columns.length) bars("Most expensive columns: mean width times rows, by statistics or a sample", columns.map(c => `${c.table}.${c.column}`), [columns.map(c => c.bytes)]);
  if (data.nights.length) bars("What nights brought: their rows at the bytes a row of now", data.nights.slice(-20).map(n => `MJD ${n.night}`), [data.nights.slice(-20).map(n => n.bytes)]);
  if (m.ledgerMonths.length) bars("Packets of alerts by month of issue, after compression", m.ledgerMonths.map(l => l.month), [m.ledgerMonths.map(l => l.packetStoredBytes)]);
  element("h2", "Tables and partitions");
  table(["table", "partition", "rows", "", "bytes", "indexes", "free", "bytes a row"], [...m.relations].sort((a, b) =>
    (b.heapBytes + b.indexBytes + b.toastBytes) - (a.heapBytes + a.indexBytes + a.toastBytes)).map(r => {
    const bytes = r.heapBytes + r.mapBytes + r.toastBytes + r.indexBytes;
    return [r.table, r.partition || "", r.rows, r.isCounted ? "counted" : "estimated", size(bytes), size(r.indexBytes),
      r.freeBytes === undefined ? "" : size(r.freeBytes), r.rows ? (bytes / r.rows).toFixed(1) : ""];
  }));
  m.beside.forEach((beside, b) => {
    element("h2", `Tables and partitions of ${data.beside[b].label}`);
    table(["table", "partition", "rows", "", "bytes", "indexes"], beside.relations.filter(r => r.rows > 0).map(r =>
      [r.table, r.partition || "", r.rows, r.isCounted ? "counted" : "estimated", size(r.heapBytes + r.mapBytes + r.toastBytes + r.indexBytes), size(r.indexBytes)]));
  });
  element("h2", "Columns");
  table(["table", "column", "bytes", "mean width", "null", "by"], [...m.columns].sort((a, b) => b.bytes - a.bytes).slice(0, 60).map(c =>
    [c.table, c.column, size(c.bytes), c.width.toFixed(1), (100 * c.nullFraction).toFixed(1) + " %", c.source]));
}

function projection() {
  const p = data.projection;
  element("p", `Model ${p.model}; ${p.policy}. The range is made of: ${p.rangeIsMadeOf}.`);
  const end = p.moments[p.moments.length - 1];
  const names = end.components.map(c => c.component);
  const of = (moment, name) => moment.components.find(c => c.component === name);
  const totalOf = (key, chosen) => p.moments.map(m => m.components.filter(c => chosen.includes(c.component)).reduce((sum, c) => sum + c.bytes[key], 0));
  const total = key => totalOf(key, names);
  const stack = (title, chosen) => areas(title, p.moments.map(m => m.time), chosen,
    chosen.map(name => p.moments.map(m => { const c = of(m, name); return c ? c.bytes.expected : 0; })), totalOf("low", chosen), totalOf("high", chosen));
  stack("All components over time, expected", names);
  stack("The APDB's tables over time, expected", end.components.filter(c => c.place === "apdb").map(c => c.component));
  const sorted = [...end.components].sort((a, b) => b.bytes.expected - a.bytes.expected);
  bars(`By component, ${end.time}, expected`, sorted.map(c => c.component), [sorted.map(c => c.bytes.expected - c.indexBytes), sorted.map(c => c.indexBytes)], ["rows and files", "indexes"]);
  element("h2", `By component, ${end.time}`);
  table(["component", "where", "rows", "low", "expected", "high", "origin", "from"], end.components.map(c => [c.component, c.place, Math.round(c.rows),
    size(c.bytes.low), size(c.bytes.expected), size(c.bytes.high), c.origin, c.basis]));
  element("h2", "By time");
  const totals = { low: total("low"), expected: total("expected"), high: total("high") };
  table(["time", "visits", "low", "expected", "high"], p.moments.map((m, i) => [m.time, Math.round(m.visits), size(totals.low[i]), size(totals.expected[i]), size(totals.high[i])]));
  if (data.difference) {
    element("h2", `Another policy, ${data.difference.time}`);
    element("p", `"${data.difference.policyAfter}" instead of "${data.difference.policyBefore}".`);
    table(["component", "before", "after"], data.difference.changes.map(c => [c.component, size(c.bytesBefore), size(c.bytesAfter)]));
  }
}

if (data.kind === "report") report(); else projection();
