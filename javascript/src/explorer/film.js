// Pins, and the film that goes from each to the next and back to the first.
import { button, more } from "../common/controls.js";
import { fill, h, reducedMotion } from "../common/dom.js";
import { gif } from "./gif.js";
import { pixels, save, show } from "./image.js";
import { between, inputs, told } from "./state.js";

const SECONDS = 1.2; // from a pin to the next
const STEPS = 18; // of the same in a file
const GIF_SIDE = 192; // pixels, at least

/** `display(image)` shows a frame, `back()` the state again, `restore(state)` returns to a pin; `keep(pins)` hears of changes. */
export function film({ scene, word, engine, display, back, restore, keep, announce }) {
  let pins = [];
  let playing = 0; // the number of the film that plays, 0 for none
  let films = 0;
  const list = h("div", { class: "gt-pins", role: "list" });
  const hint = h("p", { class: "gt-note" }, word("film_hint"));
  const play = button({ label: word("play"), onClick: () => (playing ? stop() : start()) });
  const keepFile = button({ label: word("save_gif"), onClick: saveGif });
  const element = more(word("film"), hint, list, h("div", { class: "gt-bar" }, play, keepFile));

  function set(states) {
    stop();
    pins = states;
    list.replaceChildren(...pins.map(thumbnail));
    hint.hidden = pins.length > 1;
    play.disabled = keepFile.disabled = pins.length < 2;
  }

  function change(states) {
    set(states);
    keep(pins);
  }

  function add(state) {
    const { pins: _, ...alone } = state;
    change([...pins, structuredClone(alone)]);
    element.open = true;
    announce(fill(word("pinned"), { count: pins.length }));
  }

  function thumbnail(state, place) {
    const name = fill(word("pin_number"), { number: place + 1, what: told(scene, state, word) });
    const canvas = h("canvas", { class: "gt-crisp", "aria-hidden": "true" });
    engine.render([inputs(scene, state)]).then(([image]) => show(canvas, image, scene.imageShape));
    const picture = { type: "button", class: "gt-strip-item", "aria-label": name, title: name };
    const cross = {
      type: "button",
      class: "gt-pin-remove",
      "aria-label": fill(word("unpin"), { number: place + 1 }),
    };
    const others = () => pins.filter((_, i) => i !== place);
    return h(
      "div",
      { class: "gt-pin", role: "listitem" },
      h("button", { ...picture, onclick: () => restore(structuredClone(state)) }, canvas),
      h("button", { ...cross, onclick: () => change(others()) }, "×"),
    );
  }

  /** The inputs at a time, counted in pins. */
  function frame(time) {
    const at = Math.floor(time) % pins.length;
    const t = time - Math.floor(time);
    const [from, to] = [pins[at], pins[(at + 1) % pins.length]].map((state) => inputs(scene, state));
    return between(scene, from, to, t * t * (3 - 2 * t)); // slow at the pins
  }

  async function start() {
    films += 1;
    const mine = films;
    playing = mine;
    play.textContent = word("stop");
    const begun = performance.now();
    // Who wants less motion sees each pin and the image halfway, a second each.
    const pace = reducedMotion() ? 2000 : 1000 * SECONDS;
    let shown = -1;
    while (playing === mine) {
      let time = (performance.now() - begun) / pace;
      if (reducedMotion()) time = Math.floor(2 * time) / 2;
      if (time !== shown) {
        shown = time;
        const [image] = await engine.render([frame(time)]);
        if (playing === mine) display(image);
      }
      await new Promise((done) => requestAnimationFrame(done));
    }
  }

  function stop() {
    if (!playing) return;
    playing = 0;
    play.textContent = word("play");
    back();
  }

  async function saveGif() {
    stop();
    const [height, width] = scene.imageShape;
    const scale = Math.ceil(GIF_SIDE / width);
    const frames = [];
    keepFile.disabled = true;
    const filmed = pins;
    for (let i = 0; i < filmed.length * STEPS && filmed === pins; i++) {
      const [image] = await engine.render([frame(i / STEPS)]);
      if (!image) break; // the kernel failed, and says so
      frames.push(pixels(image, scene.imageShape, scale));
      await new Promise((done) => setTimeout(done, 0));
    }
    if (frames.length === filmed.length * STEPS) {
      const bytes = gif(frames, width * scale, height * scale, (1000 * SECONDS) / STEPS);
      save(new Blob([bytes], { type: "image/gif" }), "film.gif");
    }
    keepFile.disabled = pins.length < 2;
  }

  set([]);
  return { element, add, set, stop };
}
