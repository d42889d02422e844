// A training to be watched, paused and steered, and a time machine through it.
import { button, slider } from "./common/controls.js";
import { fill, h } from "./common/dom.js";
import { newest } from "./common/newest.js";
import { panel } from "./common/panel.js";
import { picture } from "./common/picture.js";
import { chart } from "./monitor/chart.js";
import { charts, duration, halve, number, pngWidth, upTo } from "./monitor/curves.js";

const REPLAY = 6000; // ms from the first moment to the last
const WIDE = 420; // CSS pixels of the pictures, about
const MOST = 6; // a learning rate times or through two to this power

function render({ model, el }) {
  const ui = panel(model, el, "monitor");
  const { root, word } = ui;
  let moments = [];
  let frames = [];
  let drawn = []; // the charts
  let kinds = ""; // which they are
  let shown; // the frame on screen
  let replaying = 0;
  const ended = () => !["running", "paused"].includes(model.get("state"));

  const pause = button({
    label: word("pause"),
    kind: "primary",
    onClick: () => send(model.get("state") === "paused" ? "play" : "pause"),
  });
  const stop = button({ label: word("stop"), onClick: () => send("stop") });
  const bar = h("progress", { max: 1, value: 0, "aria-label": word("progress") });
  const status = h("p", { class: "gt-note gt-monitor-status" }, word("waiting"));
  const view = picture();
  const caption = h("p", { class: "gt-note" });
  const curves = h("div", { class: "gt-monitor-charts" });
  const time = slider({
    label: word("time"),
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    format: () => "",
    onInput: () => go(time.value),
  });
  const replay = button({ label: word("replay"), onClick: () => (replaying ? halt() : film()) });
  const latestButton = button({ label: word("newest"), onClick: () => go(moments.length - 1) });
  const machine = h("div", { class: "gt-bar gt-monitor-time" }, time.element, replay, latestButton);
  const rates = Object.entries(model.get("factors")).map(rate);
  const alerts = h("ul", { class: "gt-monitor-alerts", hidden: true });
  const now = h("p", { class: "gt-note" });
  const steering = h(
    "fieldset",
    { class: "gt-monitor-rates" },
    h("legend", {}, word("rates")),
    rates.map((each) => each.element),
    now,
  );
  root.append(
    h("div", { class: "gt-bar" }, pause, stop, bar, status),
    h(
      "div",
      { class: "gt-row" },
      h("div", { class: "gt-monitor-picture" }, view.element, caption, rates.length ? steering : ""),
      curves,
    ),
    machine,
    alerts,
  );
  const follow = () => !moments.length || time.value >= Number(time.input.max);

  function send(what) {
    model.send({ do: what });
  }

  function rate([name, factor]) {
    const control = slider({
      label: word(name),
      min: -MOST,
      max: MOST,
      step: 0.5,
      value: Math.log2(factor),
      hint: word("rates"),
      format: (power) => `× ${Number((2 ** power).toPrecision(3))}`,
      onInput: (power) => {
        model.set("factors", { ...model.get("factors"), [name]: 2 ** power });
        model.save_changes();
      },
    });
    return Object.assign(control, { name });
  }

  /** All of it anew: a view opens, or the kernel sends everything. */
  function reset() {
    moments = [...model.get("moments")];
    frames = [...model.get("frames")];
    kinds = "";
    time.input.max = Math.max(0, moments.length - 1);
    time.value = time.input.max;
    refresh();
  }

  const refresh = newest(() => {
    machine.hidden = !moments.length;
    view.element.hidden = !frames.length;
    if (!moments.length) return;
    const last = moments[moments.length - 1];
    const wanted = charts(moments, model.get("metrics"));
    if (JSON.stringify(wanted) !== kinds) {
      kinds = JSON.stringify(wanted);
      drawn = wanted.map((each) => chart(each, word, travel));
      curves.replaceChildren(...drawn.map((each) => each.element));
    }
    for (const each of drawn) each.draw(moments, last.step);
    progress(last);
    show();
  });

  function progress(last) {
    const at = fill(word("at"), { step: whole(last.step), steps: whole(last.steps) });
    const left = ended()
      ? fill(word("took"), { time: duration(last.seconds) })
      : fill(word("left"), { time: duration(last.seconds_left) });
    const speed = fill(word("speed"), { speed: whole(last.speed) });
    const state = model.get("state");
    bar.value = last.step / last.steps;
    status.textContent = [state === "running" ? "" : word(state), at, left, ended() ? "" : speed]
      .filter(Boolean)
      .join(" · ");
  }

  /** Pictures, markers and numbers of the moment that the slider points at. */
  function show() {
    const moment = moments[time.value];
    if (!moment) return;
    for (const each of drawn) each.mark(moments, time.value);
    time.input.nextElementSibling.textContent = whole(moment.step);
    time.input.setAttribute("aria-valuetext", fill(word("at"), { step: moment.step, steps: moment.steps }));
    const used = rates.map(({ name }) => `${word(name)} ${number(moment[name])}`);
    now.textContent = fill(word("now"), { rates: used.join(", ") });
    latestButton.disabled = follow();
    const frame = frames.length ? upTo(frames, moment.step) : undefined;
    if (frame && frame !== shown) {
      shown = frame;
      const width = pngWidth(frame.png);
      view.show(frame.png, frame.crisp ? width * Math.max(1, Math.round(WIDE / width)) : 0, frame.crisp);
      caption.textContent = fill(word("pictures"), { step: whole(frame.step) });
      view.element.setAttribute("aria-label", caption.textContent);
    }
  }
  const showSoon = newest(show);

  function go(index) {
    time.value = Math.max(0, Math.min(moments.length - 1, index));
    showSoon();
  }

  function travel(step) {
    halt();
    go(moments.indexOf(upTo(moments, step)));
  }

  function film() {
    const start = performance.now();
    replay.setAttribute("aria-pressed", "true");
    const next = (now) => {
      const share = Math.min(1, (now - start) / REPLAY);
      go(Math.round(share * (moments.length - 1)));
      replaying = share < 1 ? requestAnimationFrame(next) : halt();
    };
    replaying = requestAnimationFrame(next);
  }

  function halt() {
    cancelAnimationFrame(replaying);
    replaying = 0;
    replay.setAttribute("aria-pressed", "false");
    return 0;
  }

  function state() {
    pause.textContent = word(model.get("state") === "paused" ? "play" : "pause");
    pause.disabled = ended();
    stop.disabled = ended();
    for (const each of rates) each.input.disabled = ended();
    bar.classList.toggle("gt-monitor-ended", ended());
    refresh();
  }

  ui.listen("change:moments", reset);
  ui.listen("change:frames", reset);
  ui.listen("change:state", () => {
    state();
    ui.announce(word(model.get("state")));
  });
  ui.listen("change:factors", () => {
    for (const each of rates) each.value = Math.log2(model.get("factors")[each.name]);
  });
  ui.listen("msg:custom", (message, buffers) => {
    const following = follow() && !replaying;
    if (message.kind === "moments") moments.push(...message.moments);
    if (message.kind === "frame") frames.push({ ...message, png: buffers[0] });
    if (message.kind === "halve" && message.name === "frames") frames = halve(frames);
    if (message.kind === "halve" && message.name === "moments") {
      moments = halve(moments);
      time.value = Math.floor(time.value / 2); // the moment that is looked at stays
    }
    time.input.max = Math.max(0, moments.length - 1);
    if (following) time.value = time.input.max;
    refresh();
  });
  const tell = () => {
    alerts.replaceChildren(...model.get("alerts").map((text) => h("li", {}, text)));
    alerts.hidden = !alerts.childElementCount;
  };
  ui.listen("change:alerts", tell);
  ui.clean(halt);
  tell();
  state();
  reset();
  send("ready");
  return ui.dispose;
}

const whole = (value) => Math.round(value).toLocaleString("en-US");

export default { render };
