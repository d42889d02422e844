// The same items before the course and after it, one at a time. The kernel keeps each answer before the next item appears.
import { choices } from "./common/choices.js";
import { button } from "./common/controls.js";
import { fill, h } from "./common/dom.js";
import { panel } from "./common/panel.js";

const KEYS = "12340"; // the answers from above, the last is "I do not know"

/** What a key means: the number of an answer, from 0, or "next", or undefined. A key that is held down answers once. */
export function actionOf({ key, ctrlKey, metaKey, altKey, repeat }) {
  if (ctrlKey || metaKey || altKey || repeat) return undefined;
  if (key === "Enter") return "next";
  const number = key.length === 1 ? KEYS.indexOf(key) : -1;
  return number < 0 ? undefined : number;
}

/** What the learner reads about each item at the end: question, what was said and why it is right or wrong, and what is right. */
export function review(items, { given, solutions, whys }) {
  return items.map(({ text, answers }, i) => ({
    text,
    right: given[i] === solutions[i],
    said: answers[given[i]], // undefined for "I do not know"
    why: whys[i][given[i]],
    solution: answers[solutions[i]],
    reason: whys[i][solutions[i]],
  }));
}

function resultView(word, items, state, path) {
  const about = ({ text, right, said, why, solution, reason }) =>
    h(
      "li",
      {},
      h("p", { class: "gt-heading" }, text),
      h(
        "p",
        { class: right ? "gt-right" : "gt-wrong" },
        `${right ? "✓" : "✗"} ${fill(word("said"), { answer: said ?? word("unknown") })}`,
      ),
      why ? h("p", {}, why) : null,
      right ? null : h("p", { class: "gt-right" }, fill(word("solution"), { answer: solution })),
      right ? null : h("p", {}, reason),
    );
  return [
    h(
      "p",
      { class: "gt-result", tabIndex: -1 },
      h("span", { class: "gt-number" }, fill(word("right"), { right: state.right, total: items.length })),
    ),
    state.whys ? null : h("p", { class: "gt-note" }, word("later")),
    path ? h("p", { class: "gt-note" }, fill(word("saved"), { path })) : null,
    state.whys ? h("ol", {}, review(items, state).map(about)) : null,
  ].filter(Boolean);
}

function render({ model, el }) {
  const { root, word, listen, announce, dispose } = panel(model, el, "quiz");
  const items = model.get("items");
  const total = items.length;
  let asked; // the choices on show
  let began = false;

  const note = (text) => h("p", { class: "gt-note" }, text);
  const start = button({ label: word("start"), kind: "primary", onClick: begin });
  const welcome = h(
    "div",
    { class: "gt-stack" },
    h("p", {}, fill(word("how"), { total })),
    note(word("keys")),
    h("p", {}, word("code"), " ", h("strong", { class: "gt-number" }, model.get("code"))),
    note(word(model.get("phase") === "before" ? "note_it" : "same_code")),
    model.get("unpaired") ? h("p", { class: "gt-wrong" }, word("unpaired")) : null,
    note(word(model.get("path") ? "private" : "unsaved")),
    h("div", { class: "gt-bar" }, start),
  );

  const bar = h("progress", { "aria-label": word("title"), max: total });
  const progress = h("span", { class: "gt-readout" });
  const stage = h("div", {});
  const back = button({ label: word("back"), onClick: () => go(false) });
  const next = button({ kind: "primary", onClick: () => go(true) });
  const last = note(word("last"));
  // A click beside the answers must not give the keys to JupyterLab, where 0 0 restarts the kernel.
  const play = h(
    "div",
    { class: "gt-stack", tabIndex: -1 },
    h("div", { class: "gt-bar" }, bar, progress),
    stage,
    last,
    h("div", { class: "gt-bar" }, back, next),
  );
  const result = h("div", { class: "gt-stack" });
  root.append(h("h3", { class: "gt-heading" }, word("title")), welcome, play, result);

  function begin() {
    began = true;
    draw();
  }

  function go(forward) {
    if (forward && asked.value < 0) return;
    model.send({ kind: "go", place: model.get("state").place, choice: asked.value, forward });
  }

  function drawItem({ place, given }) {
    const { text, answers } = items[place];
    const choose = () => {
      next.disabled = false;
    };
    asked = choices({ text, options: [...answers, word("unknown")], onInput: choose });
    asked.rows.forEach(({ mark }, i) => {
      mark.append(h("kbd", {}, KEYS[i]));
    });
    if (given[place] >= 0) asked.rows[given[place]].input.checked = true;
    stage.replaceChildren(asked.element);
    bar.value = place;
    progress.textContent = fill(word("progress"), { item: place + 1, total });
    announce(progress.textContent);
    back.disabled = place === 0;
    next.disabled = asked.value < 0;
    next.textContent = word(place === total - 1 ? "finish" : "next");
    last.hidden = place < total - 1;
  }

  function draw() {
    const state = model.get("state");
    const done = state.place === total;
    const focused = root.contains(document.activeElement);
    welcome.hidden = began || done;
    play.hidden = !began || done;
    result.hidden = !done;
    start.textContent = word(state.place ? "resume" : "start");
    if (done) result.replaceChildren(...resultView(word, items, state, model.get("path")));
    else if (began) drawItem(state);
    if (!focused) return;
    // What had the focus is gone or hidden.
    if (done) result.querySelector(".gt-result").focus();
    else if (began) asked.rows[Math.max(0, asked.value)].input.focus();
  }

  root.addEventListener("keydown", (event) => {
    const action = actionOf(event);
    if (play.hidden || action === undefined) return;
    if (action === "next") {
      if (event.target.tagName === "BUTTON") return; // does what it says
      go(true);
    } else {
      const { input } = asked.rows[action];
      input.focus();
      input.click();
    }
    event.preventDefault();
  });
  listen("change:state", draw);
  draw();
  return dispose;
}

export default { render };
