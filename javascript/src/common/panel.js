// The frame that every widget has: a named region, a line for errors, and a voice for screen readers.
import { h } from "./dom.js";

const SILENCE = 1000; // ms between two announcements

/**
 * Fills `el` with a panel. Gives `root` to put things in, `word(name)` from the widget's table of strings, `listen(event,
 * handler)` on the model, `announce(text)` for screen readers, and `clean(function)` for what has to stop when the view goes;
 * `dispose()` is what anywidget's `render` has to return.
 */
export function panel(model, el, name) {
  const words = model.get("words") ?? {};
  const word = (key) => words[key] ?? key;
  const error = h("div", { class: "gt-error", role: "alert" });
  const voice = h("div", { class: "gt-unseen", role: "status" });
  // No section: slides are sections, and reveal.js counts them.
  const root = h("div", { class: `gt-panel gt-${name}`, role: "region", "aria-label": word("title") });
  const cleaners = [];
  const clean = (work) => cleaners.push(work);

  const listen = (event, handler) => {
    model.on(event, handler);
    clean(() => model.off(event, handler));
  };

  const showError = (text) => {
    error.textContent = text ?? "";
    error.hidden = !text;
  };
  showError(model.get("error"));
  listen("change:error", () => showError(model.get("error")));

  let timer;
  const announce = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      voice.textContent = text;
    }, SILENCE);
  };
  clean(() => clearTimeout(timer));

  // JupyterLab takes keys for its own shortcuts, unless the very element that has the focus says no.
  const silence = ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true");
  el.append(h("div", { class: "gt-frame", onfocusin: silence }, root, error, voice));
  return {
    root,
    word,
    listen,
    announce,
    showError,
    clean,
    dispose: () =>
      cleaners.forEach((work) => {
        work();
      }),
  };
}
