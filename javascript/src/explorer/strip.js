// One small picture of every category, with its name.
import { h } from "../common/dom.js";
import { show } from "./image.js";
import { slices } from "./slices.js";
import { choosing } from "./state.js";

/** `choose(category)` is called by a click or, on the picture in focus, by Enter; arrow keys move the focus. */
export function strip({ scene, condition, label, engine, choose }) {
  const canvases = condition.categories.map(() => h("canvas", { class: "gt-crisp", "aria-hidden": "true" }));
  const items = choosing(condition).offered.map((name, i) =>
    h(
      "button",
      { type: "button", class: "gt-strip-item", onclick: () => choose(i) },
      canvases[i],
      h("span", {}, name),
    ),
  );
  const element = h("div", { class: "gt-strip", role: "group", "aria-label": label }, items);
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = items.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    items.at((at + step) % items.length).focus();
  });

  const work = slices(engine);

  /** Draw all for these inputs; `chosen` is the category that the picture shows. */
  function draw(inputs, chosen) {
    items.forEach((item, i) => {
      item.tabIndex = i === chosen ? 0 : -1;
      item.setAttribute("aria-pressed", String(i === chosen));
    });
    const list = items.map((_, i) => ({ ...inputs, [condition.name]: i }));
    work.draw(list, (image, i) => show(canvases[i], image, scene.imageShape));
  }
  return { element, draw, stop: work.stop };
}
