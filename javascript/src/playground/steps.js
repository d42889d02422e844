// Sliders over values that are no even ladder: learning rates, weights.
import { slider } from "../common/controls.js";

/** 1, 2, 3 and 5 times each power of ten from 10^from to below 10^to. */
export const decades = (from, to) =>
  Array.from({ length: to - from }, (_, k) =>
    [1, 2, 3, 5].map((digit) => Number(`${digit}e${from + k}`)),
  ).flat();

/** Where a value stands in a list that rises or falls; it is put in if it is missing. */
export function placeOf(values, value) {
  const falling = values[0] > values[values.length - 1];
  const at = values.findIndex((each) => (falling ? each <= value : each >= value));
  if (values[at] === value) return at;
  values.splice(at < 0 ? values.length : at, 0, value);
  return at < 0 ? values.length - 1 : at;
}

/** A slider over a list of values. */
export function ladder({ values: given, value, format = String, onInput = () => {}, ...rest }) {
  const values = [...given];
  const control = slider({
    ...rest,
    min: 0,
    max: values.length,
    step: 1,
    value: placeOf(values, value),
    format: (i) => format(values[Math.min(i, values.length - 1)]),
    onInput: (i) => onInput(values[i]),
  });
  control.input.max = values.length - 1;
  return {
    element: control.element,
    input: control.input,
    get value() {
      return values[control.value];
    },
    set value(wanted) {
      const at = placeOf(values, wanted);
      control.input.max = values.length - 1;
      control.value = at;
    },
  };
}
