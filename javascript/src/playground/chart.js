// A small chart of curves over the whole training, with its name and its newest number above it.
import { h } from "../common/dom.js";
import { palette } from "./plane.js";

/** Three digits, as short as they go. */
export const short = (x) =>
  Number.isFinite(x) ? (Math.abs(x) >= 100 ? x.toFixed(0) : Number(x.toPrecision(3)).toString()) : "–";

/** Lowest and highest of all finite values, with 0 if `zero`; never of no height. */
export function extent(rows, zero) {
  let [low, high] = zero ? [0, 0] : [Infinity, -Infinity];
  for (const row of rows) {
    for (const value of row) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(high > low)) return Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  return [low, high + 0.06 * (high - low)];
}

/**
 * `lines` are {name, colour, dash}: which curve of the history, which token; with `band` the area between two is filled.
 * `paint(curve)`: a function from names to arrays.
 */
function chart({ label, hint, lines, band = false }) {
  const canvas = h("canvas", { role: "img", "aria-label": label });
  const number = h("span", { class: "gt-readout" });
  const element = h(
    "figure",
    { class: "gt-pg-chart", title: hint },
    h("figcaption", {}, h("span", {}, label), number),
    canvas,
  );
  const context = canvas.getContext("2d");
  let latest;
  let colours;
  let width;
  let height;

  function fit() {
    const ratio = window.devicePixelRatio || 1;
    [width, height] = [canvas.clientWidth || 200, canvas.clientHeight || 70];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    colours = palette(element, "line", ...lines.map(({ colour }) => colour));
  }

  function paint(curve) {
    latest = curve;
    if (!colours) fit();
    context.clearRect(0, 0, width, height);
    const steps = curve("step");
    const rows = lines.map(({ name }) => curve(name));
    if (!steps.length) return;
    const [low, high] = extent(rows, true);
    const X = (i) => (steps[i] / Math.max(1, steps[steps.length - 1])) * (width - 4) + 2;
    const Y = (value) =>
      height - 3 - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (height - 8);
    const css = (name, alpha = 1) => `rgb(${colours[name].map(Math.round).join(" ")} / ${alpha})`;
    context.strokeStyle = css("line");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, Y(0));
    context.lineTo(width, Y(0));
    context.stroke();
    if (band) {
      context.beginPath();
      for (let i = 0; i < steps.length; i++) context.lineTo(X(i), Y(rows[0][i]));
      for (let i = steps.length - 1; i >= 0; i--) context.lineTo(X(i), Y(rows[1][i]));
      context.fillStyle = css(lines[0].colour, 0.12);
      context.fill();
    }
    rows.forEach((row, k) => {
      context.beginPath();
      for (let i = 0; i < steps.length; i++) if (Number.isFinite(row[i])) context.lineTo(X(i), Y(row[i]));
      context.strokeStyle = css(lines[k].colour);
      context.lineWidth = 1.6;
      context.lineJoin = "round";
      context.setLineDash(lines[k].dash ?? []);
      context.stroke();
    });
    context.setLineDash([]);
    const newest = rows.map((row) => short(row[row.length - 1]));
    number.textContent = newest.join(" · ");
    canvas.setAttribute("aria-label", `${label}: ${newest.join(", ")}`);
  }

  /** Again, in the theme and size of now. */
  function repaint() {
    colours = undefined;
    if (latest) paint(latest);
  }

  return { element, paint, repaint };
}

/** The curves of a history, in the order in which they are sent. */
const CURVES = [
  "step",
  "discriminator_loss",
  "generator_loss",
  "real_logit",
  "fake_logit",
  "gradient",
  "distance",
];

/** From names to rows of the history array of a picture. */
export function rowsOf({ data, shape }) {
  const n = shape[1];
  return (name) => {
    const row = CURVES.indexOf(name);
    return data.subarray(row * n, (row + 1) * n);
  };
}

const DASH = [5, 3];
const CHARTS = {
  distance: { lines: [{ name: "distance", colour: "accent" }] },
  gap: {
    band: true,
    lines: [
      { name: "real_logit", colour: "real" },
      { name: "fake_logit", colour: "generated", dash: DASH },
    ],
  },
  losses: {
    lines: [
      { name: "discriminator_loss", colour: "real" },
      { name: "generator_loss", colour: "generated", dash: DASH },
    ],
  },
  gradient: { lines: [{ name: "gradient", colour: "good" }] },
};

/** Charts by name; `paint(curve)` and `repaint()` all of them. */
export function charts(word, names) {
  const all = names.map((name) => chart({ label: word(name), hint: word(`${name}_hint`), ...CHARTS[name] }));
  const element = h("div", { class: "gt-pg-charts" }, ...all.map((each) => each.element));
  const repaint = () => {
    for (const each of all) each.repaint();
  };
  // They share what height is left beside the plane.
  new ResizeObserver(repaint).observe(element);
  return {
    element,
    repaint,
    paint(curve) {
      for (const each of all) each.paint(curve);
    },
  };
}
