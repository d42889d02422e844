// Controls beside a picture that the kernel draws. ipywidgets sends one change at a time and merges those that wait:
// the kernel never gets a queue, and the last value is always answered.
import { digits, hex, isDark, told } from "./bench/text.js";
import { menu, slider, tick } from "./common/controls.js";
import { computedColours, h } from "./common/dom.js";
import { panel } from "./common/panel.js";
import { picture } from "./common/picture.js";

const PATIENCE = 300; // ms after which a learner is told that the kernel is still drawing
const SETTLED = 150; // ms until the style sheet of a new theme is there
const COLOURS = ["ink", "soft", "line", "real", "generated", "good", "bad"];

function render({ model, el }) {
  const ui = panel(model, el, "bench");
  const { root, word } = ui;
  const view = picture();
  const text = h("p", { class: "gt-note" });
  const waiting = h("p", { class: "gt-note gt-bench-waiting", hidden: true }, word("drawing"));
  const controls = model.get("controls").map((each) => make(each, ask));
  const inputs = h(
    "div",
    { class: "gt-grow gt-controls" },
    controls.map((each) => each.element),
  );
  const box = h("div", { class: "gt-bench-picture" }, view.element, waiting);
  root.append(
    h("h3", { class: "gt-heading" }, word("title")),
    h("div", { class: "gt-row" }, controls.length ? inputs : null, box),
    text,
  );

  let timer;
  function ask() {
    const values = Object.fromEntries(controls.map((each) => [each.name, each.value]));
    model.set("asked", { number: model.get("asked").number + 1, values, theme: theme(root) });
    model.save_changes();
    clearTimeout(timer);
    timer = setTimeout(() => wait(true), PATIENCE);
  }

  function wait(on) {
    clearTimeout(timer);
    waiting.hidden = !on;
    box.setAttribute("aria-busy", on);
  }

  async function show(first) {
    const [answered, ink] = [model.get("answered"), model.get("ink")];
    if (!(await view.show(model.get("picture"), model.get("width"), model.get("crisp")))) return;
    text.textContent = model.get("text");
    const said = text.textContent || told(controls);
    const foreign = isDark(ink) !== isDark(theme(root).ink);
    view.element.classList.toggle("gt-bench-foreign", foreign);
    view.element.style.background = foreign ? (isDark(ink) ? "#fff" : "#17191c") : "";
    view.element.setAttribute("aria-label", `${word("title")}: ${said}`);
    view.element.dataset.answered = answered;
    if (!first) ui.announce(said);
    if (answered >= model.get("asked").number) wait(false);
  }

  /** Asks again if the picture was drawn in the colours of another theme, or for fewer pixels. */
  function suit() {
    const [now, drawn] = [theme(root), model.get("asked").theme];
    if (now.ink !== drawn.ink || now.real !== drawn.real || now.scale > drawn.scale) ask();
  }

  // Python may move controls, and so may another view.
  ui.listen("change:asked", () => {
    const wanted = model.get("asked").values;
    for (const each of controls) if (each.value !== wanted[each.name]) each.value = wanted[each.name];
  });
  ui.listen("change:answered", () => show(false));
  ui.listen("change:error", () => wait(false));

  const observer = new MutationObserver(() => setTimeout(suit, SETTLED));
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  ui.clean(() => observer.disconnect());
  ui.clean(() => clearTimeout(timer));
  requestAnimationFrame(suit);
  show(true);
  return ui.dispose;
}

/** A control for what the kernel specifies; `said` is its value in words. */
function make(given, onInput) {
  const { kind, name, label, value, options } = given;
  const written = { slider: digits(given.digits), tick: String }[kind] ?? ((place) => options[place]);
  const made = {
    slider: () => slider({ ...given, format: written, onInput }),
    steps: () => slider({ label, min: 0, max: options.length - 1, step: 1, value, format: written, onInput }),
    menu: () => menu({ label, options: options.map((text, place) => [text, place]), value, onInput }),
    tick: () => tick({ label, value, onInput }),
  }[kind]();
  Object.assign(made, { name, label });
  return Object.defineProperty(made, "said", { get: () => written(made.value) });
}

/** The colours of this page as the kernel's figures need them, and its pixels per CSS pixel. */
function theme(root) {
  const computed = Object.entries(computedColours(root, COLOURS));
  const colours = computed.map(([name, colour]) => [name, hex(colour)]);
  return { ...Object.fromEntries(colours), scale: Math.min(2, Math.max(1, window.devicePixelRatio)) };
}

export default { render };
