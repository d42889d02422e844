// An explorer in a page of its own: the state that a kernel would hold stands in the page.
import { bytesOf, standalone } from "./common/standalone.js";
import explorer from "./explorer.js";

const traits = JSON.parse(document.getElementById("traits").textContent);
traits.weights = new DataView(bytesOf(document.getElementById("weights").textContent).buffer);
explorer.render({ model: standalone(traits), el: document.getElementById("explorer") });
