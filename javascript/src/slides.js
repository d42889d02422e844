// Slides: starts reveal.js, fits what stands on a slide to the screen, and changes between light and dark by the key D.
// tools/make_slides.py puts it into each file, after reveal.js and its plugin for the speaker's notes.
const { Reveal, RevealNotes } = globalThis;
const [WIDTH, HEIGHT, SMALLEST, STEP] = [1280, 720, 0.4, 0.05];

/** A formula or code that is too wide has smaller letters than the rest. */
function narrow(element) {
  for (let size = 1; size > SMALLEST; size -= STEP) {
    element.style.fontSize = `${size.toFixed(2)}em`;
    if (element.scrollWidth <= element.clientWidth + 1) break;
  }
}

/** Show the slide's body as large as it asks for, or smaller until nothing of it is cut. */
function fit(slide) {
  const body = slide?.querySelector(".body");
  if (!body) return;
  const largest = Number(body.dataset.zoom ?? 1);
  const smallest = largest === 2 ? 1 : SMALLEST; // rather scroll in a widget than make its letters too small
  for (let zoom = largest; zoom > smallest; zoom -= STEP) {
    body.style.setProperty("--zoom", zoom.toFixed(2));
    body.querySelectorAll(".formula, .code pre").forEach(narrow);
    if (body.scrollHeight <= body.clientHeight + 1 && body.scrollWidth <= body.clientWidth + 1) break;
  }
}

/** Widgets, too, look at this attribute. Until it is set, the system decides. */
function changeTheme() {
  const { dataset } = document.body;
  const dark = dataset.jpThemeLight
    ? dataset.jpThemeLight === "false"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  dataset.jpThemeLight = String(dark);
  remember(dataset.jpThemeLight);
}

/** Keeps the theme for the next set of slides; a browser may forbid it. */
function remember(light) {
  try {
    if (light) localStorage.setItem("gan-tutorial-light", light);
    return localStorage.getItem("gan-tutorial-light");
  } catch {
    return null;
  }
}

// Keys belong to the widget that has the focus, except those of a presenter's remote control.
const remote = new Set(["PageDown", "PageUp"]);
const keyboardCondition = ({ target, key }) => remote.has(key) || !target?.closest?.(".gt-frame"); // no target: keys of the speaker's window

const printed = new URLSearchParams(location.search).has("print-pdf");
const light = printed ? "true" : remember(); // reveal.js would copy a dark background to each page
if (light) document.body.dataset.jpThemeLight = light;

const deck = new Reveal(document.querySelector(".reveal"), {
  width: WIDTH,
  height: HEIGHT,
  margin: 0,
  minScale: 0.2,
  maxScale: 4,
  center: false,
  controls: false,
  hash: true,
  display: "flex",
  transition: "none",
  navigationMode: "linear",
  slideNumber: "c/t",
  pdfMaxPagesPerSlide: 1,
  pdfSeparateFragments: false,
  keyboardCondition,
  plugins: [RevealNotes],
});

// A picture becomes a widget, and an answer makes a question longer.
const grown = new MutationObserver((changes) => {
  for (const { target, type } of changes)
    if (type === "childList" && target.matches(".gt-static"))
      for (const fold of target.querySelectorAll("details")) fold.open = false; // its letters are larger then
  fit(deck.getCurrentSlide());
});
for (const widget of document.querySelectorAll(".gt-static")) {
  if (printed) widget.querySelector("script").remove(); // stays a picture
  grown.observe(widget, { childList: true, subtree: true, attributeFilter: ["open"] });
}
// A figure as large as the screen, for its small letters.
const large = document.body.appendChild(document.createElement("dialog"));
large.className = "large";
large.addEventListener("click", () => large.close());
function enlarge(image = deck.getCurrentSlide().querySelector("figure > img")) {
  if (large.open || !image) return large.close();
  large.replaceChildren(image.cloneNode());
  large.showModal();
}
for (const image of document.querySelectorAll("figure > img"))
  image.addEventListener("click", () => enlarge(image));

// A figure in the way goes first. A slider or a list would take a remote control's keys, and nothing would give them back.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && large.open) {
      event.stopImmediatePropagation(); // reveal.js would show all slides
      large.close();
    }
    if (!event.target.closest?.(".gt-frame")) return;
    if (event.key === "Escape") event.target.blur();
    if (!remote.has(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.blur();
    event.key === "PageDown" ? deck.next() : deck.prev();
  },
  true,
);
deck.on("slidechanged", ({ currentSlide }) => {
  large.close();
  document.activeElement?.blur(); // a widget that is out of sight must not keep the keys
  fit(currentSlide);
});
deck.on("pdf-ready", () => deck.getSlides().forEach(fit));
deck.initialize().then(() => {
  deck.addKeyBinding({ keyCode: 68, key: "D", description: "Light or dark" }, changeTheme);
  deck.addKeyBinding({ keyCode: 90, key: "Z", description: "Figure as large as the screen" }, () =>
    enlarge(),
  );
  fit(deck.getCurrentSlide());
  document.fonts?.ready.then(() => fit(deck.getCurrentSlide()));
});
globalThis.deck = deck;
