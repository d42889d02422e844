import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, standalone, stored } from "../src/common/standalone.js";

test("binary values are put back at their paths, and the stored state stays as it is", () => {
  const model = {
    state: { words: { title: "Explorer" }, parts: [{}, { name: "second" }] },
    buffers: [
      { encoding: "base64", path: ["weights"], data: btoa("\x00\x01\xff") },
      { encoding: "base64", path: ["parts", 1, "inner"], data: btoa("ab") },
    ],
  };
  const traits = stored(model);
  assert.ok(traits.weights instanceof DataView);
  assert.deepEqual(
    [0, 1, 2].map((place) => traits.weights.getUint8(place)),
    [0, 1, 255],
  );
  assert.equal(traits.parts[1].inner.getUint8(1), "b".charCodeAt(0));
  assert.equal(traits.parts[1].name, "second");
  assert.equal(model.state.weights, undefined);
});

test("a model without binary values is its state", () => {
  assert.deepEqual(stored({ state: { text: "why?" } }), { text: "why?" });
  assert.equal(bytesOf("").length, 0);
});

test("a widget can ask of its model what it asks of a kernel's", () => {
  const model = standalone({ seed: 6 });
  model.on("change:seed", assert.fail);
  model.set("seed", 7);
  model.save_changes();
  model.send({ draw: 1 });
  model.off("change:seed", assert.fail);
  assert.equal(model.get("seed"), 7);
});
