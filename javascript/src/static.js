// A notebook as a page, without a kernel: makes those of its widgets live whose state stands in it and that need nobody else.
// What stands beside the place of a widget is its still; it stays if the widget cannot come to life.
import { h } from "./common/dom.js";
import { standalone, stored } from "./common/standalone.js";

const MIME = "application/vnd.jupyter.widget-";
const read = (script) => JSON.parse(script.textContent);

/** Widgets of one kind share their program and their style. */
const programs = new Map();
const styles = new Set();

function program(text) {
  if (!programs.has(text))
    programs.set(text, import(URL.createObjectURL(new Blob([text], { type: "text/javascript" }))));
  return programs.get(text);
}

function style(text) {
  if (!styles.has(text)) document.head.append(h("style", {}, text));
  styles.add(text);
}

async function enliven(view, model) {
  const traits = stored(model);
  const widget = (await program(traits._esm)).default;
  style(traits._css ?? "");
  const el = h("div", {});
  view.before(el); // some measure themselves while they are drawn
  try {
    await widget.render({ model: standalone(traits), el });
  } catch (problem) {
    el.remove();
    throw problem;
  }
  view.parentElement.replaceChildren(el);
}

const models = Object.assign(
  {},
  ...[...document.querySelectorAll(`script[type="${MIME}state+json"]`)].map((script) => read(script).state),
);
for (const view of document.querySelectorAll(`.gt-static > script[type="${MIME}view+json"]`)) {
  const model = models[read(view).model_id];
  if (model?.state.alone) enliven(view, model).catch(console.error);
}
