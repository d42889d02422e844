// A field of numbers on a square grid, first row at the bottom: made finer, turned into colours, and its contour found.

/** Probabilities of logits. */
export const sigmoid = (logits) => logits.map((logit) => 1 / (1 + Math.exp(-logit)));

/** A grid of n×n values made m×m, bilinearly, and turned so that the first row is at the top. */
export function refine(values, n, m) {
  const fine = new Float32Array(m * m);
  const scale = (n - 1) / (m - 1);
  for (let row = 0; row < m; row++) {
    const y = (m - 1 - row) * scale;
    const j = Math.min(Math.floor(y), n - 2);
    const v = y - j;
    for (let column = 0; column < m; column++) {
      const x = column * scale;
      const i = Math.min(Math.floor(x), n - 2);
      const u = x - i;
      const at = j * n + i;
      const low = values[at] * (1 - u) + values[at + 1] * u;
      const high = values[at + n] * (1 - u) + values[at + n + 1] * u;
      fine[row * m + column] = low * (1 - v) + high * v;
    }
  }
  return fine;
}

/** RGBA bytes of values in [0, 1]: from `low` over `middle` at ½ to `high`, each [r, g, b]; `strength` of the ends. Small differences from ½ show, too. */
export function shade(values, low, middle, high, strength = 0.7) {
  const pixels = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, i) => {
    const amount = Math.min(1, Math.abs(2 * value - 1)) ** 0.7 * strength;
    const end = value < 0.5 ? low : high;
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = middle[c] + amount * (end[c] - middle[c]);
    pixels[4 * i + 3] = 255;
  });
  return pixels;
}

/** Segments [x0, y0, x1, y1] where a grid of n×n values passes `level`; coordinates from 0 to n - 1, y upwards. */
export function contour(values, n, level) {
  const segments = [];
  for (let j = 0; j < n - 1; j++) {
    for (let i = 0; i < n - 1; i++) {
      const corners = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ];
      const heights = corners.map(([x, y]) => values[y * n + x] - level);
      const crossings = [];
      for (let k = 0; k < 4; k++) {
        const [a, b] = [heights[k], heights[(k + 1) % 4]];
        if (a < 0 === b < 0) continue;
        const t = a / (a - b);
        const [p, q] = [corners[k], corners[(k + 1) % 4]];
        crossings.push(p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]));
      }
      for (let k = 0; k + 3 < crossings.length; k += 4) segments.push(crossings.slice(k, k + 4));
    }
  }
  return segments;
}

/** Areas of the (n-1)² cells of a bent grid of n×n vertices (x, y), in rows. */
export function cellAreas(vertices, n) {
  const areas = [];
  for (let j = 0; j < n - 1; j++) {
    for (let i = 0; i < n - 1; i++) {
      const [a, b, c, d] = [j * n + i, j * n + i + 1, (j + 1) * n + i + 1, (j + 1) * n + i].map((k) => 2 * k);
      const across = (p, q, axis) => vertices[q + axis] - vertices[p + axis];
      areas.push(Math.abs(across(a, c, 0) * across(b, d, 1) - across(a, c, 1) * across(b, d, 0)) / 2);
    }
  }
  return areas;
}

/** Red, green and blue of a computed colour such as "rgb(0, 114, 178)" or "color(srgb 0 0.4 0.7)". */
export function rgb(text) {
  const numbers = text.match(/[\d.]+/g).map(Number);
  return text.startsWith("color") ? numbers.slice(-3).map((x) => 255 * x) : numbers.slice(0, 3);
}
