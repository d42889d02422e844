// Play, pause, single steps, speed, and what the training is doing now.
import { button } from "../common/controls.js";
import { fill, h } from "../common/dom.js";
import { ladder } from "./steps.js";

/** `singles`: whether there are steps of one player. `show(step, distance, fps)` tells where the training is. */
export function transport({ model, frame, send, singles = true }) {
  const { word, listen, announce } = frame;
  const start = button({
    label: "",
    kind: "primary",
    onClick: () => send({ do: model.get("playing") ? "pause" : "play" }),
  });
  const single = (name, moving) =>
    button({ label: word(name), hint: word(`${name}_hint`), onClick: () => send({ do: "step", moving }) });
  const buttons = singles
    ? [
        single("both", ["discriminator", "generator"]),
        single("discriminator", ["discriminator"]),
        single("generator", ["generator"]),
      ]
    : [];
  const speed = ladder({
    label: word("speed"),
    values: model.get("speeds"),
    value: model.get("speed"),
    format: (count) =>
      count > 1 ? fill(word("per_frame"), { count }) : word(count ? "one_per_frame" : "slow"),
    onInput: (count) => send({ do: "speed", speed: count }),
  });
  const number = h("span", { class: "gt-number" }, "0");
  const state = h("span", { class: "gt-note" });
  let told = { step: 0, distance: "–", fps: 0 };

  const status = () => {
    const playing = model.get("playing");
    start.textContent = word(playing ? "pause" : "play");
    const pace = told.fps >= 1 ? fill(word("fps"), { fps: Math.round(told.fps) }) : word("playing");
    state.textContent = model.get("busy") ? word("compiling") : playing ? pace : "";
  };
  status();
  listen("change:busy", status);
  listen("change:playing", () => {
    status();
    if (model.get("playing")) announce(word("playing"));
    else announce(fill(word("paused"), told));
  });
  listen("change:speed", () => {
    speed.value = model.get("speed");
  });

  return {
    element: h(
      "div",
      { class: "gt-pg-transport" },
      h(
        "div",
        { class: "gt-bar" },
        start,
        ...buttons,
        button({ label: word("reset"), hint: word("reset_hint"), onClick: () => send({ do: "reset" }) }),
      ),
      h("div", { class: "gt-pg-clock" }, h("span", { class: "gt-note" }, word("step")), number, state),
      h("div", { class: "gt-pg-speed" }, speed.element),
    ),
    show(step, distance, fps) {
      told = { step, distance, fps };
      number.textContent = step.toLocaleString("en").replaceAll(",", "\u2009");
      status();
    },
  };
}
