import assert from "node:assert/strict";
import { test } from "node:test";
import { caption, corner } from "../src/site/recording.js";

const about = {
  words: { at: "step {step} of {steps}", distance: "distance" },
  frames: [{ step: 0, distance: 0.5 }, { step: 25, distance: 0.126 }, { step: 50 }],
  columns: 2,
  width: 30,
  height: 20,
};

test("a caption tells the step, and the distance where it is known", () => {
  assert.equal(caption(about, 1), "step 25 of 50 · distance 0.13");
  assert.equal(caption(about, 2), "step 50 of 50");
});

test("pictures lie on the sheet row by row", () => {
  assert.deepEqual(
    [0, 1, 2].map((number) => corner(about, number)),
    [
      [0, 0],
      [30, 0],
      [0, 20],
    ],
  );
});
