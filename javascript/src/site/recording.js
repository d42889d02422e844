// A recorded training, to be played, paused and scrubbed: pictures side by side on one sheet, and what is known of each.
import { button, slider } from "../common/controls.js";
import { fill, h } from "../common/dom.js";

const PACE = 125; // ms from picture to picture

/** What is to be read of a picture: "step 300 of 6000 · distance 0.12". */
export function caption({ words, frames }, number) {
  const { step, distance } = frames[number];
  const at = fill(words.at, { step, steps: frames.at(-1).step });
  return distance === undefined ? at : `${at} · ${words.distance} ${distance.toFixed(2)}`;
}

/** Where a picture is on the sheet: its left upper corner. */
export const corner = ({ columns, width, height }, number) => [
  (number % columns) * width,
  Math.floor(number / columns) * height,
];

/** The player, on its last picture. `sheet` can be drawn on a canvas. */
export function recording(about, sheet) {
  const { words, frames, width, height, zoom = 1 } = about;
  const last = frames.length - 1;
  const canvas = h("canvas", { width, height, role: "img", class: zoom > 1 ? "gt-crisp" : "" });
  canvas.style.width = `${width * zoom}px`;
  let timer = 0;

  function show(number) {
    canvas.getContext("2d").drawImage(sheet, ...corner(about, number), width, height, 0, 0, width, height);
    canvas.setAttribute("aria-label", `${words.title}: ${caption(about, number)}`);
  }
  function halt() {
    clearInterval(timer);
    timer = 0;
    play.textContent = words.play;
  }
  function move(number) {
    time.value = number;
    show(number);
    if (number === last) halt();
  }
  function toggle() {
    if (timer) return halt();
    if (time.value === last) move(0);
    play.textContent = words.pause;
    timer = setInterval(() => move(time.value + 1), PACE);
  }

  const play = button({ label: words.play, kind: "primary", onClick: toggle });
  const time = slider({
    label: words.step,
    min: 0,
    max: last,
    step: 1,
    value: last,
    format: (number) => caption(about, number),
    onInput(number) {
      halt();
      show(number);
    },
  });
  show(last);
  return h(
    "div",
    { class: "gt-frame" },
    h(
      "div",
      { class: "gt-panel", role: "group", "aria-label": words.title },
      h("p", { class: "gt-heading" }, words.title),
      canvas,
      h("div", { class: "gt-bar" }, play, time.element),
      h("p", { class: "gt-note" }, words.about),
    ),
  );
}
