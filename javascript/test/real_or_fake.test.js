import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf, meaning, percent, stopwatch } from "../src/real_or_fake.js";

test("keys mean answers, whatever their case, but not with Ctrl", () => {
  const press = (key, more) => actionOf({ key, ...more });
  assert.deepEqual(
    ["r", "R", "ArrowLeft", "f", "ArrowRight", "u", "p", "x", "Enter"].map((key) => press(key)),
    ["real", "real", "real", "fake", "fake", "undo", "pause", undefined, undefined],
  );
  for (const modifier of ["ctrlKey", "metaKey", "altKey"]) {
    assert.equal(press("r", { [modifier]: true }), undefined);
  }
});

test("a stopwatch stands still while it is stopped", () => {
  let now = 100;
  const clock = stopwatch(() => now);
  assert.deepEqual([clock.running, clock.time], [false, 0]);
  clock.start();
  now = 130;
  clock.start(); // runs already
  assert.deepEqual([clock.running, clock.time], [true, 30]);
  clock.stop();
  now = 900;
  clock.stop(); // stands already
  assert.deepEqual([clock.running, clock.time], [false, 30]);
  clock.start();
  now = 905;
  assert.equal(clock.time, 35);
  clock.reset();
  assert.deepEqual([clock.running, clock.time], [false, 0]);
});

test("an interval of wrong answers is put into words", () => {
  assert.deepEqual(
    [
      [0.1, 0.4],
      [0.3, 0.5],
      [0.6, 0.9],
    ].map(([low, high]) => meaning(low, high)),
    ["seen", "unsure", "misled"],
  );
  assert.equal(percent(0.446), "45 %");
});
