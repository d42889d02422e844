// A question with answers to choose from: one commits to an answer, and reads why it is right or wrong.
import { choices } from "./common/choices.js";
import { button } from "./common/controls.js";
import { h } from "./common/dom.js";
import { panel } from "./common/panel.js";

function render({ model, el }) {
  const ui = panel(model, el, "question");
  const { root, word } = ui;
  const answers = model.get("answers");
  const verdict = h("div", { class: "gt-question-verdict", role: "status", tabIndex: -1 });
  const options = answers.map(({ text }) => text);
  const asked = choices({ text: model.get("text"), options, onInput: choose });
  const submit = button({ label: word("submit"), kind: "primary", onClick: judge });
  submit.disabled = true;

  function choose() {
    submit.disabled = false;
    verdict.replaceChildren();
  }

  function judge() {
    const answer = answers[asked.value];
    const { mark, element } = asked.rows[asked.value];
    mark.textContent = answer.right ? "✓" : "✗";
    element.classList.add(answer.right ? "gt-right" : "gt-wrong");
    const others = answer.right ? answers.filter((each) => each !== answer) : [];
    verdict.replaceChildren(
      h(
        "p",
        { class: "gt-question-why" },
        h("strong", {}, word(answer.right ? "right" : "wrong")),
        " ",
        answer.why,
      ),
      ...others.map(({ text, why }) =>
        h("p", { class: "gt-note gt-question-why" }, h("em", {}, text), " ", why),
      ),
    );
    submit.disabled = true;
    if (!answer.right) return;
    for (const { input } of asked.rows) input.disabled = true;
    submit.hidden = true;
    verdict.focus(); // what had the focus is gone
  }

  root.append(asked.element, h("div", { class: "gt-bar" }, submit), verdict);
  return ui.dispose;
}

export default { render };
