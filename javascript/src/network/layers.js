// Each kind of layer: from its description to a function of its inputs that fills `out`.
import { convolution, transposed } from "./convolution.js";

const FUNCTIONS = {
  silu: (x) => x / (1 + Math.exp(-x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

export const KINDS = {
  /** The input is a number, or how much of each category there is: { number: share }. */
  embedding({ knots, shape: [units] }, _, [table]) {
    return ([value], out) => {
      out.fill(0);
      for (const [row, share] of shares(value, knots))
        for (let i = 0; i < units; i++) out[i] += share * table.data[row * units + i];
    };
  },

  dense({ shape: [outputs] }, _, [kernel, bias]) {
    const weights = kernel.data;
    return ([x], out) => {
      if (bias) out.set(bias.data);
      else out.fill(0);
      // Four inputs at once, so that sums are read and written less often.
      for (let i = 0; i < x.length; i += 4) {
        const [x0, x1, x2, x3] = [x[i], x[i + 1] ?? 0, x[i + 2] ?? 0, x[i + 3] ?? 0];
        const k0 = i * outputs;
        const k1 = x1 ? k0 + outputs : k0;
        const k2 = x2 ? k0 + 2 * outputs : k0;
        const k3 = x3 ? k0 + 3 * outputs : k0;
        for (let o = 0; o < outputs; o++)
          out[o] += x0 * weights[k0 + o] + x1 * weights[k1 + o] + x2 * weights[k2 + o] + x3 * weights[k3 + o];
      }
    };
  },

  reshape:
    () =>
    ([x], out) =>
      out.set(x),

  batch_norm({ epsilon, shape }, _, [gamma, beta, mean, variance]) {
    const channels = shape.at(-1);
    const scale = variance.data.map((v, c) => (gamma ? gamma.data[c] : 1) / Math.sqrt(v + epsilon));
    const shift = mean.data.map((m, c) => (beta ? beta.data[c] : 0) - m * scale[c]);
    return ([x], out) => {
      for (let i = 0; i < out.length; i += channels)
        for (let c = 0; c < channels; c++) out[i + c] = x[i + c] * scale[c] + shift[c];
    };
  },

  activation({ function: name, slope, shape }, _, [alpha]) {
    const channels = shape.at(-1);
    const f = FUNCTIONS[name];
    const slopes = alpha?.data ?? new Float32Array(channels).fill(slope); // of "relu" 0
    if (f)
      return ([x], out) => {
        for (let i = 0; i < out.length; i++) out[i] = f(x[i]);
      };
    return ([x], out) => {
      for (let i = 0; i < out.length; i += channels)
        for (let c = 0; c < channels; c++) out[i + c] = x[i + c] > 0 ? x[i + c] : x[i + c] * slopes[c];
    };
  },

  convolution: (layer, [shape], [kernel, bias]) => oneImage(convolution(layer, shape, kernel, bias)),
  transposed: (layer, [shape], [kernel, bias]) => oneImage(transposed(layer, shape, kernel, bias)),

  upsampling({ factor, bilinear }, [[height, width, channels]]) {
    const rows = places(height, factor[0], bilinear);
    const columns = places(width, factor[1], bilinear);
    const wide = columns.length * channels;
    const line = width * channels;
    const between = new Float32Array(line);
    return ([x], out) => {
      rows.forEach(([top, bottom, down], y) => {
        for (let i = 0; i < line; i++)
          between[i] = x[top * line + i] * (1 - down) + x[bottom * line + i] * down;
        let at = y * wide;
        for (let column = 0; column < columns.length; column++) {
          const [left, right, across] = columns[column];
          let l = left * channels;
          let r = right * channels;
          for (const end = at + channels; at < end; at++)
            out[at] = between[l++] * (1 - across) + between[r++] * across;
        }
      });
    };
  },

  concatenate(_, shapes) {
    const widths = shapes.map((shape) => shape.at(-1));
    return (inputs, out) => {
      const positions = inputs[0].length / widths[0];
      let at = 0;
      for (let i = 0; i < positions; i++)
        for (let k = 0; k < inputs.length; k++) {
          out.set(inputs[k].subarray(i * widths[k], (i + 1) * widths[k]), at);
          at += widths[k];
        }
    };
  },

  add: () => combine((a, b) => a + b),
  multiply: () => combine((a, b) => a * b),
};

const oneImage =
  (compute) =>
  ([image], out) =>
    compute(image, out);

/** Inputs of equal size, or one value per channel, which meets all pixels. */
const combine = (f) => (inputs, out) => {
  const [first, ...others] = [...inputs].sort((a, b) => b.length - a.length);
  out.set(first);
  for (const other of others)
    for (let i = 0; i < out.length; i++) out[i] = f(out[i], other[i % other.length]);
};

/** For each output place the two input places beside it, and how far it lies towards the second. */
function places(size, factor, bilinear) {
  return Array.from({ length: size * factor }, (_, i) => {
    if (!bilinear) return [Math.floor(i / factor), 0, 0];
    const exact = Math.min(Math.max((i + 0.5) / factor - 0.5, 0), size - 1);
    const low = Math.floor(exact);
    return [low, Math.min(low + 1, size - 1), exact - low];
  });
}

/** Rows of an embedding's table, each with its share. */
export function shares(value, knots) {
  if (typeof value === "object") return Object.entries(value);
  if (!knots.length) return [[value, 1]];
  const place = (value - knots[0]) / (knots[1] - knots[0]);
  return knots.map((_, row) => [row, 1 - Math.abs(place - row)]).filter(([, share]) => share > 0);
}
