// What lies in a plane of two directions: a grid of small images under the pad.
import { show } from "./image.js";
import { slices } from "./slices.js";
import { inputs } from "./state.js";

const SIDE = 7; // images in a row
const CELL = 48; // pixels of each, for screens with small ones

/** `canvas` shows the plane within ±`reach`. `draw(state, axes)` draws what is new. */
export function map({ scene, engine, canvas, reach }) {
  const work = slices(engine);
  const one = document.createElement("canvas");
  Object.assign(canvas, { width: SIDE * CELL, height: SIDE * CELL });
  let shown = "";

  function draw(state, axes) {
    const { pins: _, ...rest } = state;
    const strengths = rest.strengths.map((strength, k) => (axes.includes(k) ? 0 : strength));
    const wanted = JSON.stringify([{ ...rest, strengths }, axes]);
    if (wanted === shown) return;
    shown = "";
    const places = Array.from({ length: SIDE * SIDE }, (_, i) => [i % SIDE, Math.floor(i / SIDE)]);
    const list = places.map(([column, row]) => {
      const moved = [...strengths];
      moved[axes[0]] = reach * ((2 * column + 1) / SIDE - 1);
      moved[axes[1]] = reach * (1 - (2 * row + 1) / SIDE);
      return inputs(scene, { ...rest, strengths: moved });
    });
    work.draw(list, (image, i) => {
      show(one, image, scene.imageShape);
      canvas.getContext("2d").drawImage(one, places[i][0] * CELL, places[i][1] * CELL, CELL, CELL);
      if (i === list.length - 1) shown = wanted;
    });
  }
  return { draw, stop: work.stop };
}
