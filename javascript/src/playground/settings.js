// The controls of an experiment: few in sight, the others folded.
import { menu, more, slider, tick } from "../common/controls.js";
import { h } from "../common/dom.js";
import { decades, ladder } from "./steps.js";

const RATES = [0, ...decades(-5, -1), 0.1];
const WEIGHTS = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const MOMENTA = [0, 0.5, 0.8, 0.9, 0.95];
const DECAYS = [0, 0.9, 0.97, 0.99, 0.997, 0.999];

/** Makes them for `settings`; `change(name, value)` hears of each. Gives `element` and `update(settings)`. */
export function controls({ word, choices, ranges, settings, change }) {
  const made = {};
  const add = (name, make, options = {}) => {
    made[name] = make({
      label: word(name),
      value: settings[name],
      onInput: (value) => change(name, value),
      ...options,
    });
    return made[name].element;
  };
  const zeroIsOff = (value) => (value ? String(value) : word("off"));
  const whole = (name) => add(name, slider, { min: ranges[name][0], max: ranges[name][1], step: 1 });
  const steps = (name, values, format = zeroIsOff) => add(name, ladder, { values, format });
  const pick = (name, text = (value) => word(`${name}_${value}`)) =>
    add(name, menu, { options: choices[name].map((value) => [text(value), value]) });
  const yes = (name) => add(name, tick);

  const side = (player, extra, folded) =>
    h(
      "section",
      { class: `gt-pg-side gt-pg-side-${player[0]}`, "aria-label": word(`${player[0]}_title`) },
      h("h3", { class: "gt-heading" }, word(`${player[0]}_title`)),
      steps(`${player}_learning_rate`, RATES),
      whole(`${player}_steps`),
      ...extra,
      more(word("more"), whole(`${player}_layers`), whole(`${player}_width`), ...folded()),
    );
  const element = h(
    "div",
    { class: "gt-pg-sides" },
    side("generator", [whole("latent_dim")], () => [pick("noise"), steps("ema", DECAYS)]),
    side("discriminator", [steps("r1", WEIGHTS)], () => [
      steps("r2", WEIGHTS),
      steps("gradient_penalty", WEIGHTS),
      yes("spectral_norm"),
    ]),
    h(
      "section",
      { class: "gt-pg-side", "aria-label": word("game_title") },
      h("h3", { class: "gt-heading" }, word("game_title")),
      pick("loss"),
      steps("beta_1", MOMENTA),
      yes("conditional"),
      more(word("more"), pick("optimizer"), pick("batch_size", String), pick("n", String), whole("seed")),
    ),
  );
  return {
    element,
    update(changed) {
      for (const [name, control] of Object.entries(made)) {
        // What comes back is older than where a slider is being dragged.
        if (document.activeElement !== control.input) control.value = changed[name];
      }
    },
  };
}

/** Buttons with a little picture of each distribution. */
export function distributions({ word, names, thumbnails, change }) {
  const buttons = names.map((name) => {
    const dots = (thumbnails[name] ?? []).map(([x, y]) => `M${20 + 18 * x} ${20 - 18 * y}h0`).join("");
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 40 40");
    picture.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    // Without a distribution of its own: a pencil.
    path.setAttribute("d", dots || "M9 31l3-9L26 8l6 6-14 14-9 3M23 11l6 6");
    path.setAttribute("class", dots ? "gt-pg-dots" : "gt-pg-pencil");
    picture.append(path);
    return h(
      "button",
      { type: "button", class: "gt-pg-thumbnail", onclick: () => change(name) },
      picture,
      h("span", {}, word(`data_${name}`)),
    );
  });
  return {
    element: h("div", { class: "gt-pg-thumbnails", role: "group", "aria-label": word("data") }, buttons),
    update(name) {
      names.forEach((each, i) => {
        buttons[i].setAttribute("aria-pressed", String(each === name));
      });
    },
  };
}
