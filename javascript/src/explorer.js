// The explorer: everything that a generator can be asked for, and its image at once.
import { button, more } from "./common/controls.js";
import { fill, h } from "./common/dom.js";
import { newest } from "./common/newest.js";
import { panel } from "./common/panel.js";
import { controls } from "./explorer/controls.js";
import { film } from "./explorer/film.js";
import { save, show } from "./explorer/image.js";
import { renderer } from "./explorer/renderer.js";
import { code, inputs, mixed, surprise, told } from "./explorer/state.js";
import { strip } from "./explorer/strip.js";

const SETTLED = 150; // ms without a change, then what is slow may begin
const SIDE = 384; // pixels of the large picture, about
const SMOOTH = 48; // pixels of an image that is worth smoothing

function render({ model, el }) {
  const frame = panel(model, el, "explorer");
  const { root, word } = frame;
  const scene = model.get("scene");
  const first = mixed(scene);
  let state = structuredClone(model.get("state"));

  const picture = h("canvas", { class: `gt-picture ${crisp(scene)}`, role: "img" });
  picture.style.width = `${scene.imageShape[1] * Math.max(1, Math.round(SIDE / scene.imageShape[1]))}px`;
  const busy = h("p", { class: "gt-note", role: "status", hidden: true }, word("busy"));
  const engine = renderer(
    model,
    (late) => {
      busy.hidden = !late;
    },
    frame.clean,
  );
  const program = h("pre", { class: "gt-code", tabIndex: 0, role: "region", "aria-label": word("code") });

  const made = controls({ scene, word, engine, state: () => state, changed });
  const pins = film({
    scene,
    word,
    engine,
    display: (image) => show(picture, image, scene.imageShape),
    back: () => draw(),
    restore: (pinned) => set({ ...pinned, pins: state.pins }),
    keep(list) {
      state.pins = list;
      settle();
    },
    announce: frame.announce,
  });
  const label = first && fill(word("all"), { name: first.text });
  const all = first && strip({ scene, condition: first, label, engine, choose: chooseFirst });
  const gallery = all && more(label, all.element);
  if (gallery) gallery.open = true;
  gallery?.addEventListener("toggle", () => settle());

  const bar = h(
    "div",
    { class: "gt-bar" },
    first && button({ label: word("surprise"), kind: "primary", onClick: () => set(surprise(scene, state)) }),
    button({
      label: word("new_noise"),
      kind: first ? "" : "primary",
      onClick: () => set({ ...state, seed: surprise(scene, state).seed }),
    }),
    button({ label: word("pin"), hint: word("pin_hint"), onClick: () => pins.add(state) }),
    button({
      label: word("reset"),
      onClick: () => set({ ...structuredClone(scene.start), pins: state.pins }),
    }),
  );
  const files = h(
    "div",
    { class: "gt-bar" },
    button({ label: word("save_png"), onClick: () => savePng(picture) }),
    button({ label: word("copy"), onClick: () => copy(program).then(() => frame.announce(word("copied"))) }),
  );
  const aside = h(
    "div",
    { class: "gt-grow gt-explorer-controls" },
    [...made.conditions, bar, busy, made.mixture, made.noise, pins.element],
    more(word("keep"), files, program),
  );
  root.append(h("div", { class: "gt-row" }, picture, aside), ...(gallery ? [gallery] : []));

  const draw = newest(async () => {
    const [image] = await engine.render([inputs(scene, state)]);
    show(picture, image, scene.imageShape);
  });

  /** What may wait until the reader pauses: the strip, and the kernel, which keeps the state. */
  let timer;
  function settle() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (gallery?.open) all.draw(inputs(scene, state), state.conditions[first.name]);
      made.settle();
      model.set("state", structuredClone(state));
      model.save_changes();
    }, SETTLED);
  }

  function changed() {
    pins.stop();
    all?.stop();
    made.stop();
    draw();
    const text = told(scene, state, word);
    picture.setAttribute("aria-label", fill(word("picture"), { what: text }));
    program.textContent = code(scene, state, word);
    frame.announce(text);
    settle();
  }

  function set(wanted) {
    state = wanted;
    made.follow();
    changed();
  }

  function chooseFirst(category) {
    state.conditions[first.name] = category;
    set(state);
  }

  frame.listen("change:state", () => {
    const wanted = model.get("state");
    if (JSON.stringify(wanted) === JSON.stringify(state)) return;
    set(structuredClone(wanted));
    pins.set(state.pins);
  });
  frame.clean(() => {
    clearTimeout(timer);
    all?.stop();
    made.stop();
    pins.stop();
  });
  pins.set(state.pins);
  set(state);
  return frame.dispose;
}

/** Small images show their pixels; larger ones look better smoothed. */
const crisp = ({ imageShape }) => (imageShape[0] < SMOOTH ? "gt-crisp" : "");

function savePng(picture) {
  const large = h("canvas", { width: 8 * picture.width, height: 8 * picture.height });
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, 0, large.width, large.height);
  large.toBlob((blob) => save(blob, "image.png"));
}

async function copy(element) {
  getSelection().selectAllChildren(element);
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    document.execCommand("copy"); // a page without https has no clipboard of its own
  }
}

export default { render };
