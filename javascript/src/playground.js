// The playground and the failure lab: what their kernels compute, painted; see `gan_tutorial/widgets/game`.
import { button, menu, tick } from "./common/controls.js";
import { fill, h, reducedMotion } from "./common/dom.js";
import { newest } from "./common/newest.js";
import { panel } from "./common/panel.js";
import { charts, rowsOf, short } from "./playground/chart.js";
import { drawing } from "./playground/drawing.js";
import { failureLab } from "./playground/failure.js";
import { flow } from "./playground/flow.js";
import { meter, unpack } from "./playground/frame.js";
import { plane } from "./playground/plane.js";
import { controls, distributions } from "./playground/settings.js";
import { share } from "./playground/share.js";
import { transport } from "./playground/transport.js";

const BACKGROUNDS = ["learnt", "optimal", "difference", "none"];
const ANSWERED = 3; // every third frame is answered: fewer than the kernel sends ahead
const LAYERS = [
  ["real", true],
  ["fake", true],
  ["line", true],
  ["manifold", false],
  ["push", false],
  ["trails", false],
];

function render({ model, el }) {
  const frame = panel(model, el, model.get("kind"));
  const send = (wish) => model.send(wish);
  const show =
    model.get("kind") === "failure" ? failureLab(model, frame, send) : playground(model, frame, send);
  const count = meter();

  let latest; // the newest frame, until it is painted: in a hidden page that is when somebody looks again
  const paint = newest(() => {
    if (!latest || document.hidden) return;
    const [content, buffers] = latest;
    latest = undefined;
    show.paint(unpack(content.parts, buffers[0]), content.steps, count());
  });
  frame.listen("msg:custom", (content, buffers) => {
    if (!content.frame) return;
    latest = [content, buffers];
    paint();
    if (content.frame % ANSWERED === 0) send({ do: "seen", frame: content.frame });
  });
  document.addEventListener("visibilitychange", paint);
  frame.clean(() => document.removeEventListener("visibilitychange", paint));
  const themes = new MutationObserver(() => show.repaint());
  themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  const sizes = new ResizeObserver(() => show.repaint());
  sizes.observe(frame.root);
  frame.clean(() => {
    themes.disconnect();
    sizes.disconnect();
  });
  send({ do: "look" });
  return frame.dispose;
}

function playground(model, frame, send) {
  const { root, word, listen, announce, clean } = frame;
  const settings = () => model.get("settings");
  let waiting = {};
  const tell = newest(() => {
    send({ do: "set", changes: waiting });
    waiting = {};
  });
  const set = (changes) => {
    waiting = { ...waiting, ...changes };
    tell();
  };
  const change = (name, value) => set({ [name]: value });

  const seen = plane(word("stage"));
  const shown = { background: "learnt", ...Object.fromEntries(LAYERS), classes: 0 };
  const look = (name, value) => {
    shown[name] = value;
    seen.show(shown);
  };
  const paint = drawing({ plane: seen, word, announce, onPaint: (points) => set({ data: "drawn", points }) });
  const erase = button({ label: word("erase"), onClick: paint.erase });

  const curves = charts(word, ["distance", "gap", "losses", "gradient"]);
  const lesson = menu({
    label: word("lesson"),
    options: [[word("own"), ""], ...model.get("presets").map((name) => [word(`preset_${name}`), name])],
    value: model.get("preset"),
    onInput: (name) => name && send({ do: "preset", name }),
  });
  const sentence = h("p", { class: "gt-note gt-pg-look" });
  const data = distributions({
    word,
    names: model.get("choices").data,
    thumbnails: model.get("thumbnails"),
    change: (name) => change("data", name),
  });
  const labels = h("div", { hidden: true });
  const graph = flow({ model, word });
  clean(graph.stop);
  const play = transport({
    model,
    frame,
    send(wish) {
      if (wish.do === "step") graph.stepped(wish.moving);
      send(wish);
    },
  });
  const own = controls({
    word,
    choices: model.get("choices"),
    ranges: model.get("ranges"),
    settings: settings(),
    change,
  });
  const text = share({ word, model, send, announce });

  const background = menu({
    label: word("landscape"),
    options: BACKGROUNDS.map((name) => [word(`landscape_${name}`), name]),
    value: shown.background,
    hint: word("optimal_hint"),
    onInput: (name) => look("background", name),
  });
  const layers = LAYERS.map(([name, on]) =>
    tick({
      label: word(`show_${name}`),
      value: on,
      hint: word(`${name}_hint`),
      onInput: (value) => look(name, value),
    }),
  );

  root.append(
    h("div", { class: "gt-pg-top" }, lesson.element, data.element),
    h(
      "div",
      { class: "gt-pg-stage" },
      h(
        "div",
        { class: "gt-pg-view" },
        h("div", { class: "gt-pg-box" }, seen.element, paint.element),
        h(
          "div",
          { class: "gt-pg-legend", "aria-hidden": "true" },
          h("span", { class: "gt-pg-dot gt-pg-dot-real" }, word("real")),
          h("span", { class: "gt-pg-dot gt-pg-dot-fake" }, word("generated")),
          h(
            "span",
            { class: "gt-pg-scale" },
            word("d_says"),
            h("i", {}, word("says_generated")),
            h("b", {}),
            h("i", {}, word("says_real")),
          ),
        ),
        h(
          "div",
          { class: "gt-pg-layers" },
          background.element,
          labels,
          ...layers.map(({ element }) => element),
          erase,
        ),
      ),
      h("div", { class: "gt-pg-aside" }, play.element, sentence, curves.element),
    ),
    graph.element,
    own.element,
    text.element,
  );

  function update() {
    const now = settings();
    lesson.value = model.get("preset");
    const words = model.get("preset") ? word(`look_${model.get("preset")}`) : "";
    if (words && words !== sentence.textContent) announce(words);
    sentence.textContent = words;
    sentence.hidden = !words;
    data.update(now.data);
    own.update(now);
    graph.settings();
    text.update();
    erase.hidden = now.data !== "drawn";
    if (now.data === "drawn") paint.enable(now.points);
    else paint.disable();
    // A single class needs no colours.
    const classes = model.get("classes") > 1 ? model.get("classes") : 0;
    if (classes === shown.classes) return;
    shown.classes = classes;
    seen.forget();
    const options = Array.from({ length: classes }, (_, number) => [fill(word("class"), { number }), number]);
    labels.replaceChildren(
      menu({ label: word("label"), options, onInput: (label) => send({ do: "label", label }) }).element,
    );
    labels.hidden = !classes;
  }
  for (const name of ["settings", "preset", "state", "code", "classes"]) listen(`change:${name}`, update);
  update();
  for (const name of ["playing", "speed", "busy"]) listen(`change:${name}`, graph.played);

  let last = -1;
  return {
    paint([picture], [step], fps) {
      if (step < last || reducedMotion()) seen.forget();
      seen.paint(picture, shown, step !== last);
      last = step;
      const curve = rowsOf(picture.curves);
      curves.paint(curve);
      graph.paint(picture, curve, step);
      const latest = (name) => short(curve(name).at(-1));
      play.show(step, latest("distance"), fps);
      seen.element.setAttribute(
        "aria-label",
        fill(word("picture"), {
          background: word(`landscape_${shown.background}`),
          step,
          distance: short(picture.distance.data[0]),
          real: latest("real_logit"),
          fake: latest("fake_logit"),
        }),
      );
    },
    repaint() {
      seen.repaint();
      curves.repaint();
      graph.repaint();
    },
  };
}

export default { render };
