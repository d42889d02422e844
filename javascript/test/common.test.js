import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { fill, newId } from "../src/common/dom.js";
import { newest } from "../src/common/newest.js";
import { panel } from "../src/common/panel.js";

// A page with frames that the test lets pass, one by one.
let frames;
beforeEach(() => {
  frames = [];
  globalThis.document = { hidden: false };
  globalThis.requestAnimationFrame = (draw) => frames.push(draw);
});
afterEach(() => {
  delete globalThis.document;
  delete globalThis.requestAnimationFrame;
});

const settled = () => new Promise((done) => setTimeout(done));

async function frame() {
  const draws = frames.splice(0);
  for (const draw of draws) draw();
  await settled();
  return draws.length;
}

test("names in a text are filled in, unknown ones stay", () => {
  assert.equal(fill("image {trial} of {total}", { trial: 1, total: 40 }), "image 1 of 40");
  assert.equal(fill("{a}{a} {b}", { a: 0 }), "00 {b}");
});

test("no two ids are equal", () => {
  const ids = Array.from({ length: 1000 }, () => newId("slider"));
  assert.equal(new Set(ids).size, 1000);
});

test("of many values in a frame only the newest is worked on", async () => {
  const seen = [];
  const show = newest((value) => seen.push(value));
  for (let i = 0; i < 500; i++) show(i);
  assert.deepEqual(seen, []);
  await frame();
  assert.deepEqual(seen, [499]);
  assert.equal(await frame(), 0); // and then it rests
  show(7);
  await frame();
  assert.deepEqual(seen, [499, 7]);
});

test("slow work never runs beside itself, and the last value always comes through", async () => {
  const seen = [];
  let finish;
  const show = newest((value) => {
    seen.push(value);
    return new Promise((done) => {
      finish = done;
    });
  });
  show("a");
  await frame();
  show("b");
  show("c");
  assert.equal(await frame(), 0); // "a" is still in work
  assert.deepEqual(seen, ["a"]);
  finish();
  await settled();
  await frame();
  assert.deepEqual(seen, ["a", "c"]);
});

test("a hidden page, which has no frames, is served too", async () => {
  document.hidden = true;
  const seen = [];
  newest((value) => seen.push(value))(1);
  await new Promise((done) => setTimeout(done, 60));
  assert.deepEqual([seen, frames], [[1], []]);
});

/** As much of an element as a panel needs. */
class FakeElement {
  constructor(tag) {
    Object.assign(this, { tag, children: [], attributes: {}, style: {}, dataset: {} });
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  addEventListener() {}
  append(...children) {
    this.children.push(...children);
  }
}

test("a panel shows errors, and hears no more of its model once it is disposed of", () => {
  document.createElement = (tag) => new FakeElement(tag);
  const listeners = new Map();
  const state = { words: { title: "A widget" }, error: "" };
  const model = {
    get: (name) => state[name],
    on: (event, handler) => listeners.set(event, handler),
    off: (event) => listeners.delete(event),
  };
  const el = new FakeElement("div");
  const { root, word, clean, dispose } = panel(model, el, "test");
  const [, error] = el.children[0].children;
  assert.equal(root.attributes["aria-label"], "A widget");
  assert.deepEqual([word("title"), word("unknown")], ["A widget", "unknown"]);
  assert.equal(error.hidden, true);
  state.error = "ValueError: no";
  listeners.get("change:error")();
  assert.deepEqual(
    [error.hidden, error.textContent, error.attributes.role],
    [false, "ValueError: no", "alert"],
  );
  let cleaned = 0;
  clean(() => {
    cleaned += 1;
  });
  dispose();
  assert.deepEqual([listeners.size, cleaned], [0, 1]);
});
