import assert from "node:assert/strict";
import { test } from "node:test";
import { interpolate, ndtr, truncate } from "../src/network/latent.js";
import { shares } from "../src/network/layers.js";
import { network } from "../src/network/network.js";
import { noise } from "../src/network/noise.js";
import { halves } from "../src/network/weights.js";

const close = (actual, expected, tolerance = 1e-6) => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i] - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  });
};

/** A network of one layer after an input "x". */
const single = (layer, arrays, values) => {
  const wiring = {
    half: false,
    arrays: [],
    layers: [{ kind: "input", name: "x", inputs: [], weights: [], shape: layer.from }],
  };
  for (const [name, { shape }] of Object.entries(arrays)) wiring.arrays.push([name, shape]);
  wiring.layers.push({ inputs: [0], weights: Object.keys(arrays), ...layer });
  const bytes = new Uint8Array(Float32Array.from(Object.values(arrays).flatMap(({ data }) => data)).buffer);
  return [...network(wiring, bytes)({ x: Float32Array.from(values) })];
};

test("halves: all kinds of numbers", () => {
  close(
    halves(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x3555)),
    [1, -2, 65504, 2 ** -24, 0, 0.333251953125],
    0,
  );
});

test("noise: the first numbers of NumPy's default_rng(0) and default_rng(1)", () => {
  close(noise(4, 0), [0.12573022, -0.13210486, 0.64042265, 0.10490012], 1e-7);
  close(noise(4, 1), [0.34558419, 0.82161814, 0.33043708, -1.30315723], 1e-7);
});

test("truncation keeps ranks, signs and zero", () => {
  assert.ok(Math.abs(ndtr(1.959964) - 0.975) < 1e-7 && Math.abs(ndtr(-4) - 3.167124e-5) < 1e-10);
  const cut = truncate(Float32Array.of(-4, -1, 0, 1, 4), 0.5);
  assert.ok(cut.every((value, i) => Math.abs(value) <= 0.5 && (i === 0 || value > cut[i - 1])));
  close(
    cut,
    [...cut].reverse().map((value) => -value),
    1e-7,
  );
  assert.equal(truncate("as it is", null), "as it is");
});

test("interpolation follows the arc, and the chord between parallel vectors", () => {
  close(interpolate([1, 0], [0, 1], 0.5), [Math.SQRT1_2, Math.SQRT1_2]);
  close(interpolate([1, 2], [2, 4], 0.5), [1.5, 3]);
});

test("an embedding of a range lies between two knots", () => {
  close(shares(2.25, [0, 1, 2, 3]).flat(), [2, 0.75, 3, 0.25]);
  assert.deepEqual(shares({ 4: 0.5, 7: 0.5 }, []), [
    ["4", 0.5],
    ["7", 0.5],
  ]);
});

test("a dense layer whose inputs do not divide by four", () => {
  const kernel = { shape: [5, 2], data: [1, 10, 2, 20, 3, 30, 4, 40, 5, 50] };
  close(
    single(
      { kind: "dense", from: [5], shape: [2] },
      { kernel, bias: { shape: [2], data: [1, 2] } },
      [1, 1, 0, 1, 1],
    ),
    [13, 122],
  );
});

test("a convolution sees its neighbours, and zeros outside", () => {
  const kernel = { shape: [3, 3, 1, 1], data: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
  const layer = {
    kind: "convolution",
    stride: 1,
    from: [1, 3, 1],
    shape: [1, 3, 1],
    weights: ["kernel", null],
  };
  close(single(layer, { kernel }, [0, 1, 0]), [6, 5, 4]);
});

test("a transposed convolution writes its kernel", () => {
  const data = Array.from({ length: 16 }, (_, i) => i + 1);
  const layer = {
    kind: "transposed",
    stride: 2,
    from: [1, 1, 1],
    shape: [2, 2, 1],
    weights: ["kernel", null],
  };
  close(single(layer, { kernel: { shape: [4, 4, 1, 1], data } }, [1]), [6, 7, 10, 11]);
});

test("bilinear upsampling", () => {
  const layer = {
    kind: "upsampling",
    factor: [1, 2],
    bilinear: true,
    from: [1, 2, 1],
    shape: [1, 4, 1],
    weights: [],
  };
  close(single(layer, {}, [0, 4]), [0, 1, 3, 4]);
});

test("weights that do not fit their layers are refused", () => {
  assert.throws(
    () => network({ half: false, arrays: [["a", [2]]], layers: [] }, new Uint8Array(12)),
    /3 weights/,
  );
});
