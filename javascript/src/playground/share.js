// The experiment as a text to send, and as a program.
import { button } from "../common/controls.js";
import { h, newId } from "../common/dom.js";

export function share({ word, model, send, announce }) {
  const id = newId("state");
  const field = h("input", {
    type: "text",
    id,
    class: "gt-pg-state",
    spellcheck: false,
    autocomplete: "off",
    value: model.get("state"),
    title: word("state_hint"),
  });
  const program = h("code", {});
  const note = h("span", { class: "gt-note", "aria-hidden": "true" });
  let timer;

  const done = () => {
    note.textContent = word("copied");
    announce(word("copied"));
    clearTimeout(timer);
    timer = setTimeout(() => {
      note.textContent = "";
    }, 2000);
  };
  const load = () => send({ do: "state", text: field.value });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") load();
  });
  const update = () => {
    if (document.activeElement !== field) field.value = model.get("state");
    program.textContent = model.get("code");
  };
  update();

  const element = h(
    "div",
    { class: "gt-pg-share" },
    h(
      "div",
      { class: "gt-bar" },
      h("label", { for: id }, word("state")),
      field,
      button({ label: word("load"), onClick: load }),
      button({ label: word("copy"), onClick: () => copy(model.get("state")).then(done) }),
      button({ label: word("copy_code"), onClick: () => copy(model.get("code")).then(done) }),
      note,
    ),
    h(
      "details",
      { class: "gt-more" },
      h("summary", {}, word("code")),
      h("pre", { class: "gt-pg-code", tabIndex: 0, role: "region", "aria-label": word("code") }, program),
    ),
  );
  return { element, update };
}

/** To the clipboard; where a page may not write it (no https), by way of a selection. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
