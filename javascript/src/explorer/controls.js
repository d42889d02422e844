// The explorer's controls. Each changes the state, calls `changed`, and can be made to follow the state.
import { menu, more, slider } from "../common/controls.js";
import { fill, h } from "../common/dom.js";
import { map } from "./map.js";
import { pad } from "./pad.js";
import { choosing, mixed, short } from "./state.js";

const REACH = 5; // of a direction, either way
const NO_BOUND = 3; // of the truncation: beyond it hardly anything would change

/**
 * Elements by name; `follow()`, which shows the state of now, that `state()` gives; and `settle()` and `stop()` for what is
 * drawn when there is time.
 */
export function controls({ scene, word, engine, state, changed }) {
  const followers = [];

  /** A control of one value: `get` reads it from the state, `set` writes it there. */
  function bind(kind, options, get, set) {
    const onInput = (value) => {
      set(state(), value);
      changed();
    };
    const made = kind({ ...options, value: get(state()), onInput });
    followers.push(() => {
      made.value = get(state());
    });
    return made;
  }

  function condition(given) {
    const { name, categories, low, high, knots } = given;
    const { label, offered } = choosing(given);
    const get = ({ conditions }) => conditions[name];
    const set = ({ conditions }, value) => {
      conditions[name] = value;
    };
    if (categories.length) return bind(menu, { label, options: numbered(offered) }, get, set).element;
    const step = (high - low) / 100;
    const { element, input } = bind(slider, { label, min: low, max: high, step, format: short }, get, set);
    const marks = knots.map((knot) => h("option", { value: knot }));
    input.setAttribute("list", `${input.id}-knots`);
    element.append(h("datalist", { id: `${input.id}-knots` }, marks));
    return element;
  }

  function seed() {
    const options = { label: word("noise"), hint: word("noise_hint"), min: 0, max: 999, step: 1 };
    const set = (now, value) => {
      now.seed = value;
    };
    return bind(slider, options, (now) => now.seed, set).element;
  }

  function mixture() {
    const first = mixed(scene);
    if (!first || !scene.mixable) return null;
    const other = bind(
      menu,
      { label: word("other"), options: numbered(choosing(first).offered) },
      (now) => now.other,
      (now, value) => {
        now.other = value;
      },
    );
    const percent = (share) => `${Math.round(100 * share)} %`;
    const share = bind(
      slider,
      { label: word("share"), min: 0, max: 1, step: 0.02, format: percent },
      (now) => now.share,
      (now, value) => {
        now.share = value;
      },
    );
    return more(fill(word("mix"), { name: first.text }), other.element, share.element);
  }

  function truncation() {
    const format = (value) => (value < NO_BOUND ? short(value) : word("none"));
    const hint = word("truncation_hint");
    return bind(
      slider,
      { label: word("truncation"), hint, min: 0.2, max: NO_BOUND, step: 0.05, format },
      (now) => now.truncation ?? NO_BOUND,
      (now, value) => {
        now.truncation = value < NO_BOUND ? value : null;
      },
    ).element;
  }

  function direction(label, k) {
    return bind(
      slider,
      { label, min: -REACH, max: REACH, step: 0.1, format: short },
      (now) => now.strengths[k],
      (now, value) => {
        now.strengths[k] = value;
        follow();
      },
    ).element;
  }

  /** A plane of any two directions: its element, and `draw()` for the images in it. */
  function plane(names) {
    const axes = [0, 1];
    const field = pad({
      label: word("pad"),
      reach: REACH,
      step: 0.1,
      tell: (pair) => pair.map((value, i) => `${names[axes[i]]}: ${short(value)}`).join(", "),
      onInput(pair) {
        for (const i of [0, 1]) state().strengths[axes[i]] = pair[i];
        follow();
        changed();
      },
    });
    const images = map({ scene, engine, canvas: field.canvas, reach: REACH });
    const draw = () => images.draw(state(), axes);
    const place = () => field.set(axes.map((k) => state().strengths[k]));
    followers.push(place);
    const choice = (label, i) => {
      const onInput = (k) => {
        axes[i] = k;
        place();
        draw();
      };
      return menu({ label, options: numbered(names), value: axes[i], onInput }).element;
    };
    const menus = h("div", { class: "gt-controls" }, choice(word("across"), 0), choice(word("up"), 1));
    return { element: h("div", { class: "gt-steer" }, field.element, menus), draw, stop: images.stop };
  }

  const names = scene.directions.map(({ name }) => name);
  const field = names.length > 1 ? plane(names) : null;
  const noise = more(word("directions"), field?.element, ...names.map(direction), truncation());
  const settle = () => {
    if (noise.open) field?.draw();
  };
  noise.addEventListener("toggle", settle);

  function follow() {
    for (const each of followers) each();
  }

  const conditions = [...scene.conditions.map(condition), seed()];
  return { conditions, mixture: mixture(), noise, follow, settle, stop: () => field?.stop() };
}

const numbered = (names) => names.map((name, i) => [name, i]);
