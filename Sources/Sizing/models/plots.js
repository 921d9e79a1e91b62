"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const content = document.getElementById("content");
const plotting = Bokeh.Plotting;
const palette = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#994455", "#004488", "#ddaa33", "#117733", "#882255"];

function element(name, text, parent, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  (parent || content).appendChild(made);
  return made;
}

function table(head, rows) {
  const made = element("table");
  const isNumber = head.map((_, i) => rows.length > 0 && rows.every(row => typeof row[i] === "number" || /^[-0-9.,]+ ?[kMGTPE]?[B%]?$/.test(row[i])));
  const line = element("tr", undefined, made);
  head.forEach((cell, i) => element("th", cell, line, isNumber[i] ? "number" : ""));
  for (const row of rows) {
    const line = element("tr", undefined, made);
    row.forEach((cell, i) => element("td", typeof cell === "number" ? cell.toLocaleString("en") : cell, line, isNumber[i] ? "number" : ""));
  }
}

function show(figure) { plotting.show(figure, element("div")); }
