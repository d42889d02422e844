// Controls with a label, a readout and one way to use them: `element`, `value`, and a function that hears of changes.
import { h, newId } from "./dom.js";

/** A slider. `format` turns the value into what is read and announced. One Tab stop; arrow keys, Page Up and Down, Home and End. */
export function slider({
  label,
  min,
  max,
  step,
  value,
  format = (v) => String(v),
  hint,
  onInput = () => {},
}) {
  const id = newId("slider");
  const readout = h("output", { class: "gt-readout", for: id });
  const input = h("input", { type: "range", id, min, max, step, title: hint });
  const show = () => {
    readout.textContent = format(Number(input.value));
    input.setAttribute("aria-valuetext", readout.textContent);
  };
  input.value = value;
  show();
  input.addEventListener("input", () => {
    show();
    onInput(Number(input.value));
  });
  return {
    element: h("div", { class: "gt-control" }, h("label", { for: id }, label), input, readout),
    input,
    get value() {
      return Number(input.value);
    },
    set value(number) {
      input.value = number;
      show();
    },
  };
}

/** A menu; `options` are [text, value] pairs, values of any kind. */
export function menu({ label, options, value, hint, onInput = () => {} }) {
  const id = newId("menu");
  const select = h(
    "select",
    { id, title: hint },
    options.map(([text]) => h("option", {}, text)),
  );
  const find = (wanted) => options.findIndex(([, each]) => each === wanted);
  select.selectedIndex = Math.max(0, find(value));
  select.addEventListener("change", () => onInput(options[select.selectedIndex][1]));
  return {
    element: h("div", { class: "gt-control" }, h("label", { for: id }, label), select),
    input: select,
    get value() {
      return options[select.selectedIndex][1];
    },
    set value(wanted) {
      select.selectedIndex = find(wanted);
    },
  };
}

/** A box to tick. */
export function tick({ label, value = false, hint, onInput = () => {} }) {
  const id = newId("tick");
  const input = h("input", { type: "checkbox", id, checked: value, title: hint });
  input.addEventListener("change", () => onInput(input.checked));
  return {
    element: h("div", { class: "gt-control gt-tick" }, input, h("label", { for: id }, label)),
    input,
    get value() {
      return input.checked;
    },
    set value(on) {
      input.checked = on;
    },
  };
}

/** A button; `kind` "primary" for the one that matters most here. */
export function button({ label, hint, kind = "", onClick = () => {} }) {
  return h(
    "button",
    { type: "button", class: `gt-button ${kind ? `gt-${kind}` : ""}`, title: hint, onclick: onClick },
    label,
  );
}

/** Controls that few need, folded away: a disclosure with a summary. */
export function more(label, ...children) {
  return h(
    "details",
    { class: "gt-more" },
    h("summary", {}, label),
    h("div", { class: "gt-controls" }, children),
  );
}
