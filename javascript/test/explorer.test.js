import assert from "node:assert/strict";
import { test } from "node:test";
import { gif } from "../src/explorer/gif.js";
import { pixels } from "../src/explorer/image.js";
import { between, choosing, code, inputs, surprise, told } from "../src/explorer/state.js";

const scene = {
  latentDim: 2,
  imageShape: [2, 2, 1],
  principal: true,
  loader: null,
  directions: [{ name: "direction 1", vector: [1, 0] }],
  conditions: [
    { name: "size", text: "size", categories: [], low: 0, high: 1, knots: [0, 0.5, 1] },
    { name: "role", text: "role", categories: ["cook", 'the "pilot"'] },
  ],
};
const state = {
  conditions: { size: 0.25, role: 0 },
  other: 1,
  share: 0,
  seed: 3,
  truncation: null,
  strengths: [0],
};
const word = (name) => name;

test("inputs are noise pushed along directions, numbers, and shares of what is mixed", () => {
  const plain = inputs(scene, state);
  const pushed = inputs(scene, { ...state, strengths: [2], share: 0.25 });
  assert.ok(Math.abs(pushed.noise[0] - plain.noise[0] - 2) < 1e-6 && pushed.noise[1] === plain.noise[1]);
  assert.equal(plain.role, 0);
  assert.deepEqual(pushed.role, { 0: 0.75, 1: 0.25 });
});

test("between two states all changes evenly", () => {
  const [from, to] = [state, { ...state, seed: 4, conditions: { size: 0.75, role: 1 } }].map((each) =>
    inputs(scene, each),
  );
  const middle = between(scene, from, to, 0.5);
  assert.equal(middle.size, 0.5);
  assert.deepEqual(middle.role, { 0: 0.5, 1: 0.5 });
  assert.deepEqual(between(scene, from, to, 0).role, { 0: 1 });
  assert.deepEqual([...between(scene, from, to, 1).noise].map(Math.fround), [...to.noise]);
});

test("a state in words and as Python", () => {
  assert.equal(told(scene, { ...state, share: 0.5 }, word), "size 0.25, role cook, mixed_with, noise 3");
  assert.match(code(scene, state, word), /# code_generator\nnoise = gt.generate_noise\(1, 2, seed=3\)/);
  assert.match(code(scene, state, word), /noise=noise, size=0.25, role="cook"\)/);
  const mixed = code(scene, { ...state, share: 0.5, truncation: 1.5 }, word);
  assert.match(mixed, /truncation=1.5/);
  assert.match(
    mixed,
    /mix_categories\(generator, noise, {"cook": \[0.5\], "the \\"pilot\\"": \[0.5\]}, size=0.25\)/,
  );
});

test("a condition is told by the names that people read, and asked for by those of code", () => {
  const [size, role] = scene.conditions;
  const names = {
    text: "职业",
    told: ["厨师", "飞行员"],
    label: "职业 role",
    offered: ["厨师 cook", "飞行员 pilot"],
  };
  const chinese = { ...scene, conditions: [size, { ...role, ...names }] };
  assert.equal(told(chinese, state, word), "size 0.25, 职业 厨师, noise 3");
  assert.equal(code(chinese, state, word), code(scene, state, word));
  assert.deepEqual(choosing(chinese.conditions[1]), { label: "职业 role", offered: names.offered });
  assert.deepEqual(choosing(role), { label: "role", offered: role.categories });
});

test("a surprise is another noise, within what there is", () => {
  for (let i = 0; i < 100; i++) {
    const { seed, conditions } = surprise(scene, state);
    assert.ok(seed !== state.seed && seed >= 0 && seed < 1000 && [0, 1].includes(conditions.role));
  }
});

test("pixels: grey becomes RGBA, enlarged", () => {
  const rgba = pixels([-1, 1, 0, 2], [2, 2, 1], 2);
  assert.equal(rgba.length, 64);
  assert.deepEqual([...rgba.slice(0, 12)], [0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 255]);
});

test("a GIF has its frames, an end, and no colour that is not there", () => {
  const frame = (value) => pixels(new Float32Array(16).fill(value), [4, 4, 1]);
  const bytes = gif([frame(-1), frame(1)], 4, 4, 100);
  assert.equal(String.fromCharCode(...bytes.slice(0, 6)), "GIF89a");
  assert.equal(bytes.at(-1), 0x3b);
  assert.deepEqual([...bytes.slice(13, 22)], [0, 0, 0, 255, 255, 255, 0, 0, 0]);
});
