// One image at a time, real or fake? Times are taken here, where the image appears and the key is pressed.
import { button, menu, more } from "./common/controls.js";
import { fill, h } from "./common/dom.js";
import { panel } from "./common/panel.js";

const PICTURE = 280; // px, about: each pixel of the image becomes a whole number of the page's
const ACTIONS = { r: "real", arrowleft: "real", f: "fake", arrowright: "fake", u: "undo", p: "pause" };

/** What a key means: "real", "fake", "undo", "pause", or undefined. A key that is held down answers once. */
export const actionOf = ({ key, ctrlKey, metaKey, altKey, repeat }) =>
  ctrlKey || metaKey || altKey || repeat ? undefined : ACTIONS[key.toLowerCase()];

/** The key of the sentence that says what an interval of wrong answers means. */
export const meaning = (low, high) => (high < 0.5 ? "seen" : low > 0.5 ? "misled" : "unsure");

export const percent = (share) => `${Math.round(100 * share)} %`;

/** A clock that can be stopped and goes on where it stood. */
export function stopwatch(now = () => performance.now()) {
  let started = null;
  let before = 0;
  return {
    start() {
      started ??= now();
    },
    stop() {
      before = this.time;
      started = null;
    },
    reset() {
      started = null;
      before = 0;
    },
    get running() {
      return started !== null;
    },
    get time() {
      return before + (started === null ? 0 : now() - started);
    },
  };
}

const urlOf = (bytes) => URL.createObjectURL(new Blob([bytes], { type: "image/png" }));

/** Shows the picture in large, crisp pixels. */
function enlarge(image, size) {
  image.width = image.naturalWidth * Math.max(1, Math.round(size / image.naturalWidth));
  image.height = (image.width * image.naturalHeight) / image.naturalWidth;
}

/** A table of shares with their intervals. */
function shareTable(word, head, rows) {
  const row = ([name, value, low, high]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      h("td", {}, percent(value)),
      h("td", {}, fill("{low} … {high}", { low: percent(low), high: percent(high) })),
      h("td", { class: "gt-interval", style: { "--low": low, "--high": high, "--value": value } }),
    );
  const heads = [head, word("share"), word("interval")].map((text) => h("th", { scope: "col" }, text));
  return h(
    "table",
    { class: "gt-shares" },
    h("thead", {}, h("tr", {}, heads, h("td", {}))),
    h("tbody", {}, rows.map(row)),
  );
}

/** What came out: the share of wrong answers in large, tables, the images that fooled. */
function verdictView(word, { shares, classes, fooling, saved }) {
  const [[, value, low, high]] = shares;
  const gallery = fooling.map(({ png, name }) => {
    const image = h("img", { class: "gt-crisp", alt: name || word("fooled") });
    image.addEventListener("load", () => {
      enlarge(image, 64);
      URL.revokeObjectURL(image.src);
    });
    image.src = urlOf(png);
    return h("figure", {}, image, h("figcaption", {}, name));
  });
  const named = shares.map(([name, ...numbers]) => [word(name), ...numbers]);
  return [
    h("p", { class: "gt-result" }, h("span", { class: "gt-number" }, percent(value)), ` ${word("wrong")}`),
    h(
      "p",
      { class: "gt-note" },
      fill(word("between"), { low: percent(low), high: percent(high) }),
      ` ${word(meaning(low, high))}`,
    ),
    shareTable(word, word("what"), named),
    gallery.length ? h("h3", { class: "gt-heading" }, word("fooling")) : null,
    gallery.length ? h("div", { class: "gt-gallery" }, gallery) : null,
    classes.length ? more(word("classes"), shareTable(word, word("class"), classes)) : null,
    saved ? h("p", { class: "gt-note" }, fill(word("saved"), { path: saved })) : null,
  ].filter(Boolean);
}

function render({ model, el }) {
  const { root, word, listen, announce, clean, dispose } = panel(model, el, "rof");
  const clock = stopwatch();
  let hiding; // the timer that hides the image, where it is seen for a short time only
  let last = "ready"; // the phase drawn before

  const image = h("img", { class: "gt-crisp", alt: "" });
  const veil = h("p", { class: "gt-note" }, word("paused"));
  const frame = h("div", { class: "gt-look" }, image, veil);
  const bar = h("progress", { "aria-label": word("title") });
  const progress = h("span", { class: "gt-readout" });
  const answerButton = (name, key, keys) =>
    h(
      "button",
      {
        type: "button",
        class: `gt-button gt-${name}`,
        "aria-keyshortcuts": key,
        onclick: () => act(name),
      },
      word(name),
      h("kbd", { "aria-hidden": "true" }, keys),
    );
  const real = answerButton("real", "R", "← R");
  const fake = answerButton("fake", "F", "F →");
  const undo = button({ label: word("undo"), onClick: () => act("undo") });
  const pause = button({ label: word("pause"), onClick: () => act("pause") });
  const sets = model.get("sets");
  const options = sets.map((name, i) => [model.get("offered")[i], name]);
  const choice = menu({ label: word("set"), options, value: sets[0] });
  choice.element.hidden = sets.length < 2;
  const start = button({ label: word("start"), kind: "primary", onClick: () => begin() });

  const welcome = h(
    "div",
    { class: "gt-stack" },
    h("p", {}, word("how")),
    h("p", { class: "gt-note" }, word("keys")),
  );
  const play = h(
    "div",
    { class: "gt-play" },
    h("div", { class: "gt-bar" }, bar, progress),
    frame,
    h("div", { class: "gt-bar" }, real, fake),
    h("div", { class: "gt-bar" }, undo, pause),
  );
  const result = h("div", { class: "gt-stack" });
  const next = h("div", { class: "gt-bar gt-next" }, choice.element, start);
  root.append(h("h3", { class: "gt-heading" }, word("title")), welcome, play, result, next);
  // Keys are heard wherever the focus is in the widget: after a click beside a button it is on the widget itself.
  root.tabIndex = -1;

  const send = (kind, more) => model.send({ kind, ...more });
  const begin = () => send("start", { set: choice.value });

  function act(action) {
    const trial = model.get("trial");
    if (action === "undo" && trial > 0) send("undo");
    if (action === "pause") {
      clock.stop();
      send("pause");
    }
    if (!["real", "fake"].includes(action) || !clock.running) return;
    clock.stop();
    clearTimeout(hiding);
    const milliseconds = Math.round(clock.time);
    send("answer", { trial, said_real: action === "real", milliseconds });
  }

  function look() {
    if (model.get("phase") !== "showing") return;
    clock.start();
    frame.ariaBusy = "false";
    const left = model.get("exposure") - clock.time;
    image.style.visibility = model.get("exposure") && left <= 0 ? "hidden" : "visible";
    if (left > 0) hiding = setTimeout(() => (image.style.visibility = "hidden"), left);
  }

  function showPicture() {
    clock.reset();
    frame.ariaBusy = "true";
    URL.revokeObjectURL(image.src);
    image.src = urlOf(model.get("picture")); // the old image stays until the new one is here
  }
  image.addEventListener("load", () => {
    enlarge(image, PICTURE);
    look();
  });

  function drawPlay(phase) {
    const state = { trial: model.get("trial") + 1, total: model.get("total") };
    bar.max = state.total;
    bar.value = state.trial - 1;
    progress.textContent = fill(word("progress"), state);
    image.alt = fill(word("image"), state);
    const paused = phase === "paused";
    veil.hidden = !paused;
    image.hidden = paused;
    real.disabled = fake.disabled = paused;
    undo.disabled = paused || model.get("trial") === 0;
    pause.textContent = word(paused ? "resume" : "pause");
    clearTimeout(hiding);
    if (paused) announce(word("paused"));
    else if (last === "paused" && image.getAttribute("src"))
      look(); // a view that was opened in the pause has none yet
    else showPicture();
    if (!paused) announce(progress.textContent);
  }

  function draw() {
    const phase = model.get("phase");
    const focused = root.contains(document.activeElement);
    const playing = phase === "showing" || phase === "paused";
    welcome.hidden = phase !== "ready";
    play.hidden = !playing;
    result.hidden = phase !== "done";
    next.hidden = playing;
    if (playing) drawPlay(phase);
    if (phase === "done") {
      result.replaceChildren(...verdictView(word, model.get("verdict")));
      start.textContent = word("again");
      announce(result.querySelector(".gt-result").textContent);
    }
    last = phase;
    // What had the focus may be hidden or disabled now.
    const at = document.activeElement;
    if (focused && !(root.contains(at) && at.checkVisibility() && !at.disabled))
      root.focus({ preventScroll: true });
  }

  root.addEventListener("keydown", (event) => {
    const phase = model.get("phase");
    const action = actionOf(event);
    if (action && (phase === "showing" || (phase === "paused" && action === "pause"))) act(action);
    else if (event.key === "Enter" && event.target === root && phase === "ready") begin();
    else return;
    event.preventDefault();
  });
  // One signal a change: picture, trial and phase have all arrived by then.
  listen("change:shown", draw);
  clean(() => {
    clearTimeout(hiding);
    URL.revokeObjectURL(image.src);
  });
  draw();
  return dispose;
}

export default { render };
