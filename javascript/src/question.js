// A question with answers to choose from: one commits to an answer, and reads why it is right or wrong.
import { button } from "./common/controls.js";
import { h, newId } from "./common/dom.js";
import { panel } from "./common/panel.js";

function render({ model, el }) {
  const ui = panel(model, el, "question");
  const { root, word } = ui;
  const name = newId("answer");
  const answers = model.get("answers");
  const verdict = h("div", { class: "gt-question-verdict", role: "status", tabIndex: -1 });
  const choices = answers.map((answer, number) => {
    const id = newId("choice");
    const input = h("input", { type: "radio", id, name, value: number, onchange: () => choose() });
    const mark = h("span", { class: "gt-question-mark", "aria-hidden": "true" });
    return {
      answer,
      input,
      mark,
      element: h("div", { class: "gt-question-answer" }, input, h("label", { for: id }, answer.text), mark),
    };
  });
  const chosen = () => choices.find(({ input }) => input.checked);
  const submit = button({ label: word("submit"), kind: "primary", onClick: judge });
  submit.disabled = true;

  function choose() {
    submit.disabled = false;
    verdict.replaceChildren();
  }

  function judge() {
    const { answer, mark, element } = chosen();
    mark.textContent = answer.right ? "✓" : "✗";
    element.classList.add(answer.right ? "gt-question-right" : "gt-question-wrong");
    const others = answer.right ? choices.filter((each) => each.answer !== answer) : [];
    verdict.replaceChildren(
      h(
        "p",
        { class: "gt-question-why" },
        h("strong", {}, word(answer.right ? "right" : "wrong")),
        " ",
        answer.why,
      ),
      ...others.map(({ answer: { text, why } }) =>
        h("p", { class: "gt-note gt-question-why" }, h("em", {}, text), " ", why),
      ),
    );
    submit.disabled = true;
    if (!answer.right) return;
    for (const { input } of choices) input.disabled = true;
    submit.hidden = true;
    verdict.focus(); // what had the focus is gone
  }

  root.append(
    h(
      "fieldset",
      {},
      h("legend", { class: "gt-heading" }, model.get("text")),
      choices.map(({ element }) => element),
    ),
    h("div", { class: "gt-bar" }, submit),
    verdict,
  );
  return ui.dispose;
}

export default { render };
