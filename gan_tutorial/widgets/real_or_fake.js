// One image at a time, real or fake? Times are taken here, in the browser,
// where the image appears and the key is pressed.

const REAL_KEYS = ["r", "ArrowLeft"];
const FAKE_KEYS = ["f", "ArrowRight"];

function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function render({ model, el }) {
  const words = model.get("words");
  const box = element("div", "gan-tutorial-rof");
  box.tabIndex = 0;
  // JupyterLab's own shortcuts must not hear these keys.
  box.dataset.lmSuppressShortcuts = "true";

  const progress = element("div", "rof-progress");
  progress.setAttribute("aria-live", "polite");
  const frame = element("div", "rof-frame");
  const image = element("img", "rof-image");
  image.alt = words.image;
  frame.append(image);
  const buttons = element("div", "rof-buttons");
  const start = element("button", "rof-start", words.start);
  const real = element("button", "rof-real", words.real);
  const fake = element("button", "rof-fake", words.fake);
  buttons.append(start, real, fake);
  const verdict = element("div", "rof-verdict");
  box.append(progress, frame, buttons, verdict);
  el.append(box);

  let shownAt = null; // null: no answer is awaited
  let hiding = null;
  let url = null;

  function answer(saidReal) {
    if (model.get("phase") !== "showing" || shownAt === null) return;
    const milliseconds = Math.round(performance.now() - shownAt);
    shownAt = null;
    clearTimeout(hiding);
    model.send({ kind: "answer", trial: model.get("trial"), said_real: saidReal, milliseconds });
  }

  function begin() {
    if (model.get("phase") === "ready") model.send({ kind: "start" });
    box.focus({ preventScroll: true });
  }

  image.onload = () => {
    image.style.visibility = "visible";
    shownAt = performance.now();
    const exposure = model.get("exposure");
    if (exposure > 0) hiding = setTimeout(() => (image.style.visibility = "hidden"), exposure);
  };

  function update() {
    const phase = model.get("phase");
    start.hidden = phase !== "ready";
    real.hidden = fake.hidden = phase !== "showing";
    frame.hidden = phase !== "showing";
    progress.textContent =
      phase === "showing"
        ? words.progress.replace("{trial}", model.get("trial") + 1).replace("{total}", model.get("total"))
        : phase === "ready" ? words.how : "";
    verdict.innerHTML = phase === "done" ? model.get("verdict") : "";
    if (phase === "showing") {
      shownAt = null;
      image.style.visibility = "hidden";
      if (url) URL.revokeObjectURL(url);
      url = URL.createObjectURL(new Blob([model.get("picture")], { type: "image/png" }));
      image.src = url;
    }
  }

  start.onclick = begin;
  real.onclick = () => answer(true);
  fake.onclick = () => answer(false);
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (REAL_KEYS.includes(event.key)) answer(true);
    else if (FAKE_KEYS.includes(event.key)) answer(false);
    else if (event.key === "Enter" && event.target === box) begin();
    else return;
    event.preventDefault();
  });
  // One signal an image: picture, trial and phase have all arrived by then.
  model.on("change:shown", update);
  update();
  return () => url && URL.revokeObjectURL(url);
}

export default { render };
