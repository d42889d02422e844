import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf, review } from "../src/quiz.js";

test("digits choose an answer and Enter goes on, but not with Ctrl and not when held down", () => {
  assert.deepEqual(
    ["1", "2", "3", "4", "0", "Enter", "5", "ArrowDown", "12", " "].map((key) => actionOf({ key })),
    [0, 1, 2, 3, 4, "next", undefined, undefined, undefined, undefined],
  );
  for (const modifier of ["ctrlKey", "metaKey", "altKey", "repeat"]) {
    assert.equal(actionOf({ key: "1", [modifier]: true }), undefined);
    assert.equal(actionOf({ key: "Enter", [modifier]: true }), undefined);
  }
});

test("the review tells what was said, and what is right", () => {
  const item = { text: "Which?", answers: ["a", "b", "c", "d"] };
  const whys = [["why a", "why b", "why c", "why d"]];
  const about = (given) => review([item], { given: [given], solutions: [2], whys })[0];
  assert.deepEqual(about(2), {
    text: "Which?",
    right: true,
    said: "c",
    why: "why c",
    solution: "c",
    reason: "why c",
  });
  assert.deepEqual([about(0).right, about(0).said, about(0).why], [false, "a", "why a"]);
  assert.deepEqual([about(4).right, about(4).said, about(4).why], [false, undefined, undefined]);
  assert.equal(about(4).solution, "c");
});
