import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, rowsOf, short } from "../src/playground/chart.js";
import { withPoint } from "../src/playground/drawing.js";
import { cellAreas, contour, refine, rgb, shade, sigmoid } from "../src/playground/field.js";
import { meter, unpack } from "../src/playground/frame.js";
import { decades, placeOf } from "../src/playground/steps.js";

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("a message becomes pictures", () => {
  const numbers = new Float32Array([0, 1, 2, 3, 4, 5, 6]);
  const parts = [
    [
      ["fake", [2, 2]],
      ["empty", [0, 2]],
    ],
    [["fake", [3]]],
  ];
  const [first, second] = unpack(parts, numbers.buffer);
  assert.deepEqual([...first.fake.data], [0, 1, 2, 3]);
  assert.equal(first.empty.data.length, 0);
  assert.deepEqual([...second.fake.data], [4, 5, 6]);
});

test("a buffer in the middle of a larger one need not be aligned", () => {
  for (const offset of [4, 3]) {
    const bytes = new Uint8Array(offset + 8);
    bytes.set(new Uint8Array(new Float32Array([1.5, -2]).buffer), offset);
    const [{ x }] = unpack([[["x", [2]]]], new DataView(bytes.buffer, offset, 8));
    assert.deepEqual([...x.data], [1.5, -2]);
  }
});

test("frames per second are those of the last second", () => {
  let time = 0;
  const count = meter(() => time);
  count();
  for (let i = 0; i < 40; i++) {
    time += 50;
    count();
  }
  time += 50;
  near(count(), 20);
});

test("a grid is refined bilinearly and turned upside down", () => {
  const fine = refine([0, 1, 2, 3], 2, 3);
  assert.deepEqual([...fine], [2, 2.5, 3, 1, 1.5, 2, 0, 0.5, 1]);
});

test("one half is the colour of the paper, the ends are tinted", () => {
  const [low, middle, high] = [
    [255, 0, 0],
    [100, 100, 100],
    [0, 0, 255],
  ];
  const pixels = shade([0, 0.5, 1], low, middle, high, 1);
  assert.deepEqual([...pixels], [255, 0, 0, 255, 100, 100, 100, 255, 0, 0, 255, 255]);
});

test("the contour of a slope is a straight line at its level", () => {
  const n = 5;
  const slope = Array.from({ length: n * n }, (_, i) => (i % n) - 1.5);
  const segments = contour(slope, n, 0);
  assert.equal(segments.length, n - 1);
  for (const [x0, , x1] of segments) {
    near(x0, 1.5);
    near(x1, 1.5);
  }
  assert.equal(contour(slope, n, 9).length, 0);
  // A saddle is crossed twice.
  assert.equal(contour([1, -1, -1, 1], 2, 0).length, 2);
});

test("areas of the cells of a bent grid", () => {
  const square = [0, 0, 2, 0, 0, 3, 2, 3];
  assert.deepEqual(cellAreas(square, 2), [6]);
  const folded = [0, 0, 1, 0, 1, 0, 0, 0];
  assert.deepEqual(cellAreas(folded, 2), [0]);
});

test("probabilities and colours", () => {
  near(sigmoid([0])[0], 0.5);
  assert.deepEqual(rgb("rgb(0, 114, 178)"), [0, 114, 178]);
  assert.deepEqual(rgb("color(srgb 0 1 0.2)"), [0, 255, 51]);
});

test("learning rates climb by 1, 2, 3, 5; others find their place", () => {
  assert.deepEqual(decades(-2, 0), [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5]);
  const values = [0, 1, 2];
  assert.equal(placeOf(values, 1), 1);
  assert.equal(placeOf(values, 1.5), 2);
  assert.deepEqual(values, [0, 1, 1.5, 2]);
  assert.equal(placeOf(values, 7), 4);
});

test("painted points keep their distance and stay inside", () => {
  const one = withPoint([], [2, 0.1]);
  assert.deepEqual(one, [[0.85, 0.1]]);
  assert.equal(withPoint(one, [0.86, 0.11]), one);
  assert.equal(withPoint(one, [0.5, 0.1]).length, 2);
  assert.equal(withPoint(one, [0.85, 0.1], 0).length, 2);
});

test("charts show all that is finite", () => {
  const [low, high] = extent([[1, Number.NaN, 3]], false);
  assert.ok(low === 1 && high > 3 && high < 3.5);
  assert.deepEqual(extent([[]], false), [0, 1]);
  assert.equal(extent([[2, 3]], true)[0], 0);
  assert.equal(short(0.012345), "0.0123");
  assert.equal(short(1234.5), "1235");
  assert.equal(short(Number.NaN), "–");
  const curve = rowsOf({ data: new Float32Array(14).map((_, i) => i), shape: [7, 2] });
  assert.deepEqual([...curve("distance")], [12, 13]);
});
