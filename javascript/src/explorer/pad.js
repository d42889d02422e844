// A plane of two directions, under the mouse, a finger or the arrow keys.
import { h } from "../common/dom.js";

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** `value` is a pair within ±`reach`, across and up. `tell(pair)` puts it into words. */
export function pad({ label, reach, step, tell, onInput }) {
  const dot = h("div", { class: "gt-pad-dot" });
  const canvas = h("canvas", { "aria-hidden": "true" });
  const limits = { "aria-valuemin": -reach, "aria-valuemax": reach };
  const element = h(
    "div",
    { class: "gt-pad", role: "slider", tabIndex: 0, "aria-label": label, ...limits },
    canvas,
    dot,
  );
  let value = [0, 0];

  function set(pair) {
    value = pair.map((x) => Math.min(reach, Math.max(-reach, Math.round(x / step) * step)));
    dot.style.left = `${50 + (50 * value[0]) / reach}%`;
    dot.style.top = `${50 - (50 * value[1]) / reach}%`;
    element.setAttribute("aria-valuenow", value[0].toFixed(1));
    element.setAttribute("aria-valuetext", tell(value));
  }
  const move = (pair) => {
    set(pair);
    onInput(value);
  };
  const follow = (event) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    move([
      ((event.clientX - left) / width - 0.5) * 2 * reach,
      (0.5 - (event.clientY - top) / height) * 2 * reach,
    ]);
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    follow(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) follow(event);
  });
  element.addEventListener("dblclick", () => move([0, 0]));
  element.addEventListener("keydown", (event) => {
    const way = event.key === "Home" ? value.map((x) => -x / step) : KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const size = step * (event.shiftKey ? 5 : 1);
    move(value.map((x, i) => x + way[i] * (event.key === "Home" ? step : size)));
  });
  set(value);
  return { element, canvas, set };
}
