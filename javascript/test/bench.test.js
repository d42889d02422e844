import assert from "node:assert/strict";
import { test } from "node:test";
import { digits, hex, isDark, told } from "../src/bench/text.js";

test("colours of every notation are written alike", () => {
  assert.equal(hex("rgb(0, 114, 178)"), "#0072b2");
  assert.equal(hex("rgba(0, 0, 0, 0.87)"), "#000000de");
  assert.equal(hex("color(srgb 1 0.5 0 / 0.5)"), "#ff800080");
  assert.equal(hex("color(srgb 1e-5 0.5 1)"), "#0080ff");
});

test("ink tells the theme", () => {
  assert.equal(isDark("#000000de"), true);
  assert.equal(isDark("#e8eaed"), false);
});

test("numbers and controls in words", () => {
  assert.equal(digits(2)(1.5), "1.50");
  assert.equal(digits(0)(7), "7");
  assert.equal(
    told([
      { label: "shift", said: "1.5" },
      { label: "held", said: "true" },
    ]),
    "shift 1.5, held true",
  );
});
