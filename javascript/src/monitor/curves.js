// Curves of a training: what belongs into which chart, where lines run, how numbers are written. No document needed.

/** Charts by the word of their title: each with its lines, the limits that it always shows, and a level to compare with. */
export const CHARTS = [
  { title: "losses", lines: ["discriminator_loss", "generator_loss", "reconstruction_loss"] },
  { title: "logits", lines: ["real_logit", "fake_logit"], level: 0, gap: true },
  { title: "accuracy", lines: ["discriminator_accuracy"], limits: [0, 1], level: 0.5 },
  { title: "divergence", lines: ["kl_divergence"] },
];

/** The charts that these moments have numbers for, one more for each metric. */
export function charts(moments, metrics) {
  const there = (name) => moments.some((moment) => Number.isFinite(moment[name]));
  return [...CHARTS, ...metrics.map((name) => ({ title: name, lines: [name] }))]
    .map((chart) => ({ ...chart, lines: chart.lines.filter(there) }))
    .filter((chart) => chart.lines.length);
}

/** What a chart shows upright: from the lowest to the highest number but for the rarest outliers. */
export function extent(moments, lines, limits = []) {
  const numbers = lines.flatMap((name) => moments.map((moment) => moment[name]).filter(Number.isFinite));
  numbers.sort((a, b) => a - b);
  const spare = Math.floor(numbers.length * 0.005);
  const low = Math.min(numbers[spare] ?? 0, ...limits);
  const high = Math.max(numbers[numbers.length - 1 - spare] ?? 1, ...limits);
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

/** Where a value lies between two limits, in hundredths; outliers stay at the edge. */
export const place = (value, [low, high]) =>
  Math.min(100, Math.max(0, (100 * (value - low)) / (high - low || 1)));

/** The d of an SVG path through a line's numbers, in a square of 100; gaps where there are none are bridged. */
export function path(moments, name, across, upright) {
  const points = moments
    .filter((moment) => Number.isFinite(moment[name]))
    .map((moment) => `${round(place(moment.step, across))} ${round(100 - place(moment[name], upright))}`);
  return points.length ? `M${points.join("L")}` : "";
}

const round = (x) => Math.round(x * 100) / 100;

/** The newest number of a name up to a moment: a metric is not measured in each. */
export function latest(moments, index, name) {
  for (let i = index; i >= 0; i -= 1) if (Number.isFinite(moments[i][name])) return moments[i][name];
  return undefined;
}

/** The last of some things in order of their steps that is not after a step; the first if all are. */
export function upTo(things, step) {
  let found = things[0];
  for (const thing of things) {
    if (thing.step > step) break;
    found = thing;
  }
  return found;
}

/** Every other one. */
export const halve = (things) => things.filter((_, i) => i % 2 === 0);

/** Three digits, as people read them. */
export function number(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (!size) return "0";
  if (size < 0.001) return value.toExponential(1);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** Seconds as "8 s", "3 min 20 s" or "2 h 05 min". */
export function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** The width in pixels that a PNG file says it has. */
export const pngWidth = (bytes) => bytes.getUint32(16);
