import assert from "node:assert/strict";
import { test } from "node:test";
import {
  charts,
  duration,
  extent,
  halve,
  latest,
  number,
  path,
  place,
  pngWidth,
  upTo,
} from "../src/monitor/curves.js";

const moments = [
  { step: 10, real_logit: 1, fake_logit: -1, generator_loss: 0.5 },
  { step: 20, real_logit: 3, fake_logit: -2, generator_loss: 0.7, modes: 8 },
  { step: 30, real_logit: 2, fake_logit: null, generator_loss: 0.6 },
];

test("a chart for what there are numbers for", () => {
  const made = charts(moments, ["modes", "never"]);
  assert.deepEqual(
    made.map(({ title, lines }) => [title, lines]),
    [
      ["losses", ["generator_loss"]],
      ["logits", ["real_logit", "fake_logit"]],
      ["modes", ["modes"]],
    ],
  );
});

test("limits hold all numbers and levels, and rare outliers do not count", () => {
  assert.deepEqual(extent(moments, ["real_logit", "fake_logit"]), [-2, 3]);
  assert.deepEqual(extent(moments, ["generator_loss"], [0, 1]), [0, 1]);
  assert.deepEqual(extent([{ x: 2 }], ["x"]), [1.5, 2.5]);
  const many = [...Array(400).keys()].map((i) => ({ x: i % 2 })).concat({ x: 1000 });
  assert.deepEqual(extent(many, ["x"]), [0, 1]);
});

test("lines run upwards from left to right, over moments without a number", () => {
  assert.equal(path(moments, "fake_logit", [0, 40], [-2, 0]), "M25 50L50 100");
  assert.equal(path(moments, "none", [0, 40], [0, 1]), "");
  assert.equal(place(1000, [0, 1]), 100);
});

test("the time machine finds what was there", () => {
  assert.equal(latest(moments, 2, "modes"), 8);
  assert.equal(latest(moments, 0, "modes"), undefined);
  assert.equal(upTo(moments, 25).step, 20);
  assert.equal(upTo(moments, 1).step, 10);
  assert.deepEqual(halve([0, 1, 2, 3, 4]), [0, 2, 4]);
});

test("numbers and times are short", () => {
  assert.deepEqual([0, 0.00012, 0.5, 1.234, 45.67, 1234.5, Number.NaN, undefined].map(number), [
    "0",
    "1.2e-4",
    "0.500",
    "1.23",
    "45.7",
    "1235",
    "–",
    "–",
  ]);
  assert.deepEqual([8.2, 200, 7500].map(duration), ["8 s", "3 min 20 s", "2 h 05 min"]);
});

test("a PNG says how wide it is", () => {
  const bytes = new DataView(new ArrayBuffer(24));
  bytes.setUint32(16, 300);
  assert.equal(pngWidth(bytes), 300);
});
