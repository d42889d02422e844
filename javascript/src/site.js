// The published site: widgets and recordings come to life when they are scrolled into view, each from files of its own;
// until then, or if that fails, their stills stay. Menus and what scrolls can be used by keyboard.
import { h } from "./common/dom.js";
import { standalone } from "./common/standalone.js";
import { recording } from "./site/recording.js";

const words = JSON.parse(document.getElementById("gt-words")?.textContent ?? "{}");
const statics = new URL(`${document.documentElement.dataset.content_root}_static/`, document.baseURI);

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

async function enliven(place) {
  const address = new URL(place.dataset.widget, document.baseURI);
  const { program, traits, buffers } = await (await load(address)).json();
  const [{ default: widget }, ...blobs] = await Promise.all([
    import(new URL(`${program}.js`, statics)),
    ...Object.entries(buffers).map(async ([name, file]) => [
      name,
      new DataView(await (await load(new URL(file, address))).arrayBuffer()),
    ]),
  ]);
  const el = h("div", {});
  place.prepend(el); // some measure themselves while they are drawn
  try {
    await widget.render({ model: standalone({ ...traits, ...Object.fromEntries(blobs) }), el });
  } catch (problem) {
    el.remove();
    throw problem;
  }
  place.replaceChildren(el);
}

async function replay(place) {
  const address = new URL(place.dataset.recording, document.baseURI);
  const about = await (await load(address)).json();
  const sheet = new Image();
  sheet.src = new URL(about.sheet, address);
  await sheet.decode();
  place.replaceChildren(recording(about, sheet));
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      (target.dataset.widget ? enliven : replay)(target).catch(console.error);
    }
  },
  { rootMargin: "400px" },
);
for (const place of document.querySelectorAll(".gt-live, .gt-recording")) seen.observe(place);

/** The theme's menus open by labels, which no key reaches: they become buttons. */
for (const [name, word] of [
  ["nav-overlay-icon", "menu"],
  ["toc-overlay-icon", "contents"],
]) {
  for (const label of document.querySelectorAll(`label.${name}`)) {
    const box = document.getElementById(label.htmlFor);
    const menu = h("button", { type: "button", class: label.className, "aria-label": words[word] });
    const tell = () => menu.setAttribute("aria-expanded", box.checked);
    menu.append(...label.childNodes);
    menu.addEventListener("click", () => {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change"));
    });
    box.addEventListener("change", tell);
    tell();
    label.replaceWith(menu);
  }
}
for (const toggle of document.querySelectorAll(".theme-toggle"))
  toggle.setAttribute("aria-label", words.theme);

/** What scrolls sideways can be scrolled by keys. */
function reachable() {
  for (const element of document.querySelectorAll("pre, .gt-output, .math, .table-wrapper, .highlight")) {
    if (element.scrollWidth > element.clientWidth + 1) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}
addEventListener("load", reachable);
addEventListener("resize", reachable);

/** The results in the other language are those for the same words. */
const other = document.querySelector(".gt-language");
if (other && location.pathname.endsWith("/search.html")) other.search = location.search;
