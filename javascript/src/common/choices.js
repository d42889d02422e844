// A question with answers to choose from, as radio buttons: the arrow keys move, a screen reader says the question first.
import { h, newId } from "./dom.js";

/**
 * `element`, a field set with the question as its legend; `rows`, for each answer its `input`, its `mark`, an empty place at the
 * end, and its `element`; `value`, the number of the chosen answer, from 0, or -1. `onInput` hears of a choice.
 */
export function choices({ text, options, onInput = () => {} }) {
  const name = newId("answer");
  const rows = options.map((option, number) => {
    const id = newId("choice");
    const input = h("input", { type: "radio", id, name, value: number, onchange: () => onInput() });
    const mark = h("span", { "aria-hidden": "true" });
    const element = h("div", { class: "gt-choice" }, input, h("label", { for: id }, option), mark);
    return { input, mark, element };
  });
  return {
    element: h(
      "fieldset",
      { class: "gt-choices" },
      h("legend", { class: "gt-heading" }, text),
      rows.map(({ element }) => element),
    ),
    rows,
    get value() {
      return rows.findIndex(({ input }) => input.checked);
    },
  };
}
