import assert from "node:assert/strict";
import { test } from "node:test";
import { BOXES, bars, course, density, dots } from "../src/playground/graph.js";
import { EDGES, phasesOf } from "../src/playground/phases.js";

const BOTH = ["discriminator", "generator"];
const GRADIENTS = Object.keys(EDGES).filter((name) => EDGES[name] === "gradient");
const ends = (name) => name.split("-");
const names = (phases) => phases.map(({ player, pass }) => `${player} ${pass}`);

test("the discriminator's phases come first, and forward before backward", () => {
  assert.deepEqual(names(phasesOf(BOTH, "hinge")), [
    "discriminator forward",
    "discriminator backward",
    "generator forward",
    "generator backward",
  ]);
});

test("of a player that stands still there is no phase", () => {
  for (const player of BOTH) {
    assert.deepEqual(names(phasesOf([player], "hinge")), [`${player} forward`, `${player} backward`]);
  }
  assert.deepEqual(phasesOf([], "hinge"), []);
});

test("gradients end in the player that moves, and in no other", () => {
  const [, d, , g] = phasesOf(BOTH, "hinge");
  assert.deepEqual(d.flowing.map(ends), [["discriminator_loss", "discriminator"]]);
  assert.deepEqual(g.flowing.map(ends), [
    ["generator_loss", "discriminator"],
    ["discriminator", "fake"],
    ["fake", "generator"],
  ]);
  assert.deepEqual([...d.flowing, ...g.flowing].sort(), [...GRADIENTS].sort());
});

test("forward flow is without gaps, from noise and data to the player's loss, and without gradients", () => {
  for (const loss of ["hinge", "relativistic"]) {
    for (const { player, flowing } of phasesOf(BOTH, loss).filter(({ pass }) => pass === "forward")) {
      const reached = new Set(["noise", "data"]);
      for (const [from, to] of flowing.map(ends)) {
        assert.ok(reached.has(from), `${from} is not reached`);
        reached.add(to);
      }
      const losses = BOTH.filter((each) => reached.has(`${each}_loss`));
      assert.deepEqual(losses, [player]);
      assert.ok(!flowing.some((name) => GRADIENTS.includes(name)));
    }
  }
});

test("only the relativistic generator needs real points", () => {
  const real = (loss) => phasesOf(["generator"], loss)[0].flowing.includes("real-discriminator");
  assert.deepEqual(["non_saturating", "wasserstein", "relativistic"].map(real), [false, false, true]);
});

test("what a player needed stays lit while its gradient flows", () => {
  for (const player of BOTH) {
    const [forward, backward] = phasesOf([player], "hinge");
    assert.deepEqual(forward.lit, forward.flowing);
    assert.deepEqual(backward.lit, [...forward.lit, ...backward.flowing]);
  }
});

test("each edge runs from the rim of one box to the rim of the other", () => {
  const onRim = (x, y, [left, top, width, height]) => {
    const [right, bottom] = [left + width, top + height];
    const inside = x >= left && x <= right && y >= top && y <= bottom;
    return inside && (x === left || x === right || y === top || y === bottom);
  };
  for (const name of Object.keys(EDGES)) {
    const [from, to] = ends(name);
    const numbers = course(name)
      .line.match(/-?[\d.]+/g)
      .map(Number);
    assert.ok(onRim(...numbers.slice(0, 2), BOXES[from]), `${name} does not begin at ${from}`);
    assert.ok(onRim(...numbers.slice(-2), BOXES[to]), `${name} does not end at ${to}`);
  }
});

test("dots stay in their box, and are not too many", () => {
  const box = [10, 20, 80, 80];
  assert.equal(dots([0, 0], box), "M50.0 60.0h0");
  assert.equal(dots([1.15, 1.15, -9, -9], box), "M90.0 20.0h0M10.0 100.0h0");
  const many = dots(new Float32Array(800), box).match(/M/g).length;
  assert.ok(many > 100 && many <= 140);
});

test("a network has a bar for each layer, the wider the higher", () => {
  const heights = bars([2, 64, 16], [0, 0, 116], 60)
    .match(/v[\d.]+/g)
    .map((text) => Number(text.slice(1)));
  assert.equal(heights.length, 3);
  assert.ok(heights[1] > heights[2] && heights[2] > heights[0]);
});

test("uniform noise is a box, normal noise a bell", () => {
  assert.match(density("uniform", BOXES.noise), /^M\S+ 92H\S+v-38H\S+v38H\S+$/);
  const heights = density("normal", BOXES.noise)
    .match(/ [\d.]+/g)
    .map(Number);
  assert.equal(Math.min(...heights), heights[16]);
  assert.ok(heights.every((y, i) => y === heights[32 - i]));
});
