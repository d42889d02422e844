// An explorer in a page of its own: the state that a kernel would hold stands in the page.
import explorer from "./explorer.js";

/** What the widgets ask of a model, without anybody behind it. */
function standalone(traits) {
  return {
    get: (name) => traits[name],
    set(name, value) {
      traits[name] = value;
    },
    save_changes() {},
    on() {},
    off() {},
  };
}

const traits = JSON.parse(document.getElementById("traits").textContent);
const bytes = Uint8Array.from(atob(document.getElementById("weights").textContent), (c) => c.charCodeAt(0));
traits.weights = new DataView(bytes.buffer);
explorer.render({ model: standalone(traits), el: document.getElementById("explorer") });
