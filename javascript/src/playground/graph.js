// The graph on paper: where its boxes and edges lie, and the courses of the little pictures in the boxes.
import { LIMIT } from "./plane.js";

export const WIDTH = 666;
export const HEIGHT = 304;
const DOTS = 130;

/** Left, top, width and height. */
export const BOXES = {
  noise: [2, 42, 80, 60],
  generator: [110, 16, 116, 112],
  fake: [258, 32, 80, 80],
  data: [128, 196, 80, 80],
  real: [258, 196, 80, 80],
  discriminator: [386, 84, 116, 136],
  says: [528, 108, 136, 88],
  generator_loss: [528, 12, 136, 64],
  discriminator_loss: [528, 228, 136, 64],
};
/** The scale of what the discriminator says, from 0 to 1: its length, and where ½ is. */
export const SCALE = 100;
export const MIDDLE = BOXES.says[0] + BOXES.says[2] / 2;
/** Of each edge where it begins and ends, which way its arrow points, and how it bends on the way. */
const COURSES = {
  "noise-generator": [82, 72, 110, 72, 0],
  "generator-fake": [226, 86, 258, 86, 0],
  "fake-discriminator": [338, 86, 386, 136, 0, 366, 86, 356, 136],
  "data-real": [208, 236, 258, 236, 0],
  "real-discriminator": [338, 236, 386, 178, 0, 366, 236, 356, 178],
  "discriminator-says": [502, 152, 528, 152, 0],
  "says-discriminator_loss": [596, 196, 596, 228, 90],
  "says-generator_loss": [596, 108, 596, 76, -90],
  "discriminator_loss-discriminator": [528, 260, 444, 220, -90, 474, 260, 444, 256],
  "generator_loss-discriminator": [528, 44, 444, 84, 90, 474, 44, 444, 48],
  "discriminator-fake": [386, 108, 338, 58, 180, 364, 108, 368, 58],
  "fake-generator": [258, 58, 226, 58, 180],
};

/** The paths of an edge: its line, and its head. */
export function course(name) {
  const [x0, y0, x1, y1, turn, ...bend] = COURSES[name];
  return {
    line: `M${x0} ${y0}${bend.length ? `C${bend.join(" ")} ` : "L"}${x1} ${y1}`,
    head: { d: "M-7-4L0 0L-7 4", transform: `translate(${x1} ${y1}) rotate(${turn})` },
  };
}

/** A path of at most `DOTS` dots, of pairs x, y one after the other, in a box. */
export function dots(pairs, [left, top, side]) {
  const n = pairs.length / 2;
  const place = (value) => (side * (1 + Math.min(1, Math.max(-1, value / LIMIT)))) / 2;
  let path = "";
  for (let k = 0; k < n; k += Math.max(1, n / DOTS)) {
    const i = 2 * Math.floor(k);
    path += `M${(left + place(pairs[i])).toFixed(1)} ${(top + place(-pairs[i + 1])).toFixed(1)}h0`;
  }
  return path;
}

/** A network as bars, one a layer: the more units, the higher. */
export function bars(widths, [left, , width], middle) {
  const gap = (width - 36) / (widths.length - 1);
  const half = (units) => 3 + 3 * Math.log2(units);
  return widths
    .map((units, k) => `M${(left + 18 + k * gap).toFixed(1)} ${middle - half(units)}v${2 * half(units)}`)
    .join("");
}

/** The density of the noise: a bell, or a box. */
export function density(kind, [left, top, width, height]) {
  const [bottom, rise] = [top + height - 10, height - 22];
  const x = (share) => left + 8 + share * (width - 16);
  if (kind === "uniform") return `M${x(0)} ${bottom}H${x(0.2)}v${-rise}H${x(0.8)}v${rise}H${x(1)}`;
  const bell = Array.from({ length: 33 }, (_, i) => {
    const z = (6 * i) / 32 - 3;
    return `${x(i / 32)} ${(bottom - rise * Math.exp((-z * z) / 2)).toFixed(1)}`;
  });
  return `M${bell.join("L")}`;
}
