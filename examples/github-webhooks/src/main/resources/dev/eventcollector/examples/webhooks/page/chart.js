import { byId, clock, number, setText } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 22;
const TICK_MINUTES = 10;

const box = byId("chart");
let minutes = [];
let pointed = -1; // a minute's index, or -1 for none

function shape(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** 1, 2 or 5 times a power of ten, so that about three of them reach the highest value. */
function stepFor(highest) {
  const rough = Math.max(1, highest / 3);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
}

function draw() {
  const width = box.clientWidth;
  const height = box.clientHeight;
  if (!width || !minutes.length) {
    return;
  }
  const highest = Math.max(1, ...minutes.flatMap((one) => [one.received, one.confirmed, one.processed]));
  const step = stepFor(highest);
  const top = Math.ceil(highest / step) * step;
  const each = (width - LEFT - RIGHT) / minutes.length;
  const x = (i) => LEFT + i * each;
  const y = (value) => TOP + (1 - value / top) * (height - TOP - BOTTOM);
  const shapes = [];
  for (let value = 0; value <= top; value += step) {
    shapes.push(shape("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
    shapes.push(shape("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  const stride = width < 420 ? 2 * TICK_MINUTES : TICK_MINUTES;
  minutes.forEach((one, i) => {
    const bar = height - BOTTOM - y(one.received);
    shapes.push(shape("rect", { class: "bar", x: x(i) + 1, width: Math.max(1, each - 2), y: y(one.received), height: bar }));
    if (new Date(one.at).getMinutes() % stride === 0) {
      const anchor = x(i) + 20 > width ? "end" : "middle";
      shapes.push(shape("text", { x: x(i) + each / 2, y: height - 6, "text-anchor": anchor }, clock(one.at).slice(-8, -3)));
    }
  });
  for (const name of ["confirmed", "processed"]) {
    const points = minutes.map((one, i) => `${(x(i) + each / 2).toFixed(1)},${y(one[name]).toFixed(1)}`).join(" ");
    shapes.push(shape("polyline", { class: name, points }));
  }
  if (pointed >= 0) {
    shapes.push(shape("rect", { class: "cursor", x: x(pointed), width: each, y: TOP, height: height - TOP - BOTTOM }));
  }
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  svg.append(...shapes);
  box.replaceChildren(svg);
  tell();
}

function values(one) {
  return `received ${number(one.received)}, confirmed ${number(one.confirmed)}, processed ${number(one.processed)}`;
}

function tell() {
  const index = pointed < 0 ? minutes.length - 1 : pointed;
  const text = `${clock(minutes[index].at).slice(0, -3)}: ${values(minutes[index])}`;
  setText(byId("chart-values"), pointed < 0 ? "last hour; point at a minute for its values" : text);
  box.setAttribute("aria-valuemin", "0");
  box.setAttribute("aria-valuemax", String(minutes.length - 1));
  box.setAttribute("aria-valuenow", String(index));
  box.setAttribute("aria-valuetext", text);
}

function point(index) {
  pointed = Math.max(-1, Math.min(minutes.length - 1, index));
  draw();
}

box.addEventListener("pointermove", (event) => {
  const { left, width } = box.getBoundingClientRect();
  point(Math.max(0, Math.floor(((event.clientX - left - LEFT) / (width - LEFT - RIGHT)) * minutes.length)));
});
box.addEventListener("pointerleave", () => point(-1));
box.addEventListener("blur", () => point(-1));
box.addEventListener("keydown", (event) => {
  const from = pointed < 0 ? minutes.length - 1 : pointed;
  const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, Home: 0, End: minutes.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    point(Math.max(0, to));
  }
});
new ResizeObserver(draw).observe(box);

/** The minutes of the last hour, the oldest first. */
export function showChart(lastHour) {
  minutes = lastHour;
  draw();
}
