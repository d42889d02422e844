// The failure lab: a healthy training and a failing one side by side, with the cause on a slider.
import { tick } from "../common/controls.js";
import { fill, h, reducedMotion } from "../common/dom.js";
import { charts, rowsOf, short } from "./chart.js";
import { plane } from "./plane.js";
import { ladder } from "./steps.js";
import { transport } from "./transport.js";

export function failureLab(model, frame, send) {
  const { root, word, listen, announce } = frame;
  const shown = {
    background: "learnt",
    real: true,
    fake: true,
    line: true,
    trails: !reducedMotion(),
    push: model.get("push"),
  };
  const sides = ["healthy", "failing"].map((name) => {
    const seen = plane(word(name));
    const title = h("span", { class: "gt-readout" });
    const curves = charts(word, ["distance", model.get("push") ? "gradient" : "gap"]);
    const element = h(
      "section",
      { class: `gt-pg-case gt-pg-case-${name}`, "aria-label": word(name) },
      h("h3", { class: "gt-heading" }, word(name), title),
      h("div", { class: "gt-pg-box" }, seen.element),
      curves.element,
    );
    return { name, seen, title, curves, element };
  });

  const values = model.get("values");
  const cause = ladder({
    label: word(model.get("setting")),
    values,
    value: model.get("value"),
    onInput: (value) => send({ do: "value", value }),
  });
  const play = transport({ model, frame, send, singles: false });
  const look = (name, value) => {
    shown[name] = value;
    for (const { seen } of sides) seen.show(shown);
  };
  const layers = ["trails", "push"].map((name) =>
    tick({ label: word(`show_${name}`), value: shown[name], onInput: (value) => look(name, value) }),
  );
  const sentence = h("p", { class: "gt-note gt-pg-look" }, word(`look_${model.get("failure")}`));

  root.append(
    h("div", { class: "gt-pg-top" }, sentence, h("div", { class: "gt-pg-cause" }, cause.element)),
    play.element,
    h("div", { class: "gt-pg-cases" }, ...sides.map((side) => side.element)),
    h("div", { class: "gt-pg-layers" }, ...layers.map((each) => each.element)),
  );

  const update = () => {
    cause.value = model.get("value");
    const setting = word(model.get("setting"));
    sides[0].title.textContent = `${setting} ${values[0]}`;
    sides[1].title.textContent = `${setting} ${model.get("value")}`;
    announce(sides[1].title.textContent);
  };
  listen("change:value", update);
  update();

  let last = [-1, -1];
  return {
    paint(pictures, steps, fps) {
      sides.forEach(({ name, seen, curves }, i) => {
        if (steps[i] < last[i] || reducedMotion()) seen.forget();
        seen.paint(pictures[i], shown, steps[i] !== last[i]);
        curves.paint(rowsOf(pictures[i].curves));
        const distance = short(pictures[i].distance.data[0]);
        seen.element.setAttribute(
          "aria-label",
          fill(word("picture"), { name: word(name), step: steps[i], distance }),
        );
      });
      last = steps;
      play.show(steps[0], short(pictures[1].distance.data[0]), fps);
    },
    repaint() {
      for (const { seen, curves } of sides) {
        seen.repaint();
        curves.repaint();
      }
    },
  };
}
