// The plane: what a discriminator says everywhere, and the points over it, on one canvas.
import { computedColours, h } from "../common/dom.js";
import { cellAreas, contour, refine, rgb, shade, sigmoid } from "./field.js";

export const LIMIT = 1.15;
const FINE = 176; // pixels along a side of the background before the canvas smooths it
const TRAIL = 14; // frames that a trail remembers
const ARROW = 0.25; // length of an arrow for a gradient of 1
const LONGEST = 0.3;

/** Colours of the style sheet as they are now, by name, as [r, g, b]. */
export function palette(element, ...names) {
  const computed = Object.entries(computedColours(element, names));
  return Object.fromEntries(computed.map(([name, colour]) => [name, rgb(colour)]));
}

const css = (colour, alpha = 1) => `rgb(${colour.map(Math.round).join(" ")} / ${alpha})`;

/** Colours of k classes, evenly round the circle. */
export const classColour = (label, k) => `hsl(${Math.round((360 * label) / k + 210)} 72% 52%)`;

/** A little picture of a dot, in pixels of the screen: pasted many times it is quicker than arcs. */
function dot(radius, colour, rim) {
  const ratio = window.devicePixelRatio || 1;
  const side = Math.ceil(2 * (radius + 1) * ratio);
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d");
  context.scale(side / (2 * (radius + 1)), side / (2 * (radius + 1)));
  context.beginPath();
  context.arc(radius + 1, radius + 1, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  if (rim) {
    context.strokeStyle = rim;
    context.lineWidth = 0.8;
    context.stroke();
  }
  return canvas.transferToImageBitmap();
}

/**
 * A canvas that fills its box. `paint(picture, show)` draws a picture (see `unpack`); show: {background, real, fake, manifold,
 * push, trails, line} and classes, the number of labels or 0. `repaint()` draws it again, in another theme for example.
 */
export function plane(label) {
  const canvas = h("canvas", { class: "gt-pg-plane", role: "img", "aria-label": label });
  const context = canvas.getContext("2d");
  const small = h("canvas", { width: FINE, height: FINE });
  let latest;
  let trail = [];
  let size = 0;
  let colours;
  let dots = {};

  const X = (x) => ((x + LIMIT) / (2 * LIMIT)) * size;
  const Y = (y) => ((LIMIT - y) / (2 * LIMIT)) * size;

  function fit() {
    const ratio = window.devicePixelRatio || 1;
    size = canvas.clientWidth || 400;
    const pixels = Math.round(size * ratio);
    if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  function background({ landscape, optimal }, what) {
    const n = landscape.shape[0];
    const learnt = sigmoid(landscape.data);
    const values = {
      learnt,
      optimal: optimal.data,
      difference: learnt.map((d, i) => 0.5 + (d - optimal.data[i]) / 2),
      none: learnt.map(() => 0.5),
    }[what];
    const pixels = shade(refine(values, n, FINE), colours.generated, colours.paper, colours.real);
    small.getContext("2d").putImageData(new ImageData(pixels, FINE), 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(small, 0, 0, size, size);
  }

  function boundary({ landscape }) {
    const n = landscape.shape[0];
    const scale = (2 * LIMIT) / (n - 1);
    context.beginPath();
    for (const [x0, y0, x1, y1] of contour(landscape.data, n, 0)) {
      context.moveTo(X(x0 * scale - LIMIT), Y(y0 * scale - LIMIT));
      context.lineTo(X(x1 * scale - LIMIT), Y(y1 * scale - LIMIT));
    }
    context.strokeStyle = css(colours.ink, 0.45);
    context.lineWidth = 1;
    context.stroke();
  }

  function mesh({ manifold: { data, shape } }) {
    if (!shape[0]) return;
    context.lineJoin = "round";
    if (shape.length === 2) {
      context.beginPath();
      for (let i = 0; i < shape[0]; i++) context.lineTo(X(data[2 * i]), Y(data[2 * i + 1]));
      context.strokeStyle = css(colours.generated, 0.9);
      context.lineWidth = 2;
      context.stroke();
      return;
    }
    const n = shape[0];
    const corner = (k) => [X(data[2 * k]), Y(data[2 * k + 1])];
    cellAreas(data, n).forEach((area, cell) => {
      const k = Math.floor(cell / (n - 1)) * n + (cell % (n - 1));
      // Each cell is equally likely, so the density is one over its area.
      const density = 1 / ((n - 1) ** 2 * Math.max(area, 1e-6));
      context.beginPath();
      for (const vertex of [k, k + 1, k + n + 1, k + n]) context.lineTo(...corner(vertex));
      context.closePath();
      context.fillStyle = css(colours.generated, (0.55 * density) / (density + 1.5));
      context.fill();
    });
    context.beginPath();
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) context[i ? "lineTo" : "moveTo"](...corner(j * n + i));
      for (let i = 0; i < n; i++) context[i ? "lineTo" : "moveTo"](...corner(i * n + j));
    }
    context.strokeStyle = css(colours.generated, 0.38);
    context.lineWidth = 0.7;
    context.stroke();
  }

  function trails() {
    context.lineWidth = 1.2;
    for (let t = 1; t < trail.length; t++) {
      context.beginPath();
      for (let i = 0; i < trail[t].length; i += 6) {
        context.moveTo(X(trail[t - 1][i]), Y(trail[t - 1][i + 1]));
        context.lineTo(X(trail[t][i]), Y(trail[t][i + 1]));
      }
      context.strokeStyle = css(colours.generated, (0.55 * t) / trail.length);
      context.stroke();
    }
  }

  function points({ data, shape }, radius, colourOf, rim) {
    const half = radius + 1;
    for (let i = 0; i < shape[0]; i++) {
      const colour = colourOf(i);
      const kind = `${colour} ${rim}`;
      dots[kind] ??= dot(radius, colour, rim);
      context.drawImage(dots[kind], X(data[2 * i]) - half, Y(data[2 * i + 1]) - half, 2 * half, 2 * half);
    }
  }

  function arrows({ fake, push }) {
    context.beginPath();
    for (let i = 0; i < fake.shape[0]; i += 3) {
      const [x, y, u, v] = [...fake.data.subarray(2 * i, 2 * i + 2), ...push.data.subarray(2 * i, 2 * i + 2)];
      const length = Math.hypot(u, v);
      if (length * ARROW < 0.012) continue;
      const reach = Math.min(LONGEST, ARROW * length) / length;
      const [endX, endY] = [X(x + u * reach), Y(y + v * reach)];
      const angle = Math.atan2(-v, u);
      context.moveTo(X(x), Y(y));
      context.lineTo(endX, endY);
      for (const turn of [2.6, -2.6]) {
        context.moveTo(endX, endY);
        context.lineTo(endX + 4.5 * Math.cos(angle + turn), endY + 4.5 * Math.sin(angle + turn));
      }
    }
    context.strokeStyle = css(colours.ink, 0.85);
    context.lineWidth = 1;
    context.stroke();
  }

  function draw() {
    if (!latest) return;
    const { picture, show } = latest;
    if (!colours) fit();
    colours ??= palette(canvas.parentElement, "paper", "ink", "real", "generated");
    const own = (labels) => show.classes && ((i) => classColour(labels.data[i], show.classes));
    const all = (colour) => () => colour;
    background(picture, show.background);
    if (show.line) boundary(picture);
    if (show.manifold) mesh(picture);
    if (show.real) points(picture.real, size / 220, own(picture.real_labels) || all(css(colours.real, 0.85)));
    if (show.trails) trails();
    if (show.fake) {
      const rim = css(show.classes ? colours.ink : colours.paper, 0.95);
      points(picture.fake, size / 175, own(picture.fake_labels) || all(css(colours.generated)), rim);
    }
    if (show.push) arrows(picture);
  }

  /** Again, in the theme and size of now. */
  function repaint() {
    colours = undefined;
    dots = {};
    draw();
  }

  return {
    element: canvas,
    repaint,
    /** `moved`: whether training went on since the last picture, which otherwise is replaced. */
    paint(picture, show, moved = true) {
      trail = [...(moved ? trail.slice(-TRAIL) : trail.slice(0, -1)), picture.fake.data];
      latest = { picture, show };
      draw();
    },
    show(changed) {
      if (latest) latest.show = changed;
      draw();
    },
    forget() {
      trail = [];
    },
    /** Where in the plane an event happened. */
    place(event) {
      const box = canvas.getBoundingClientRect();
      const at = (share) => (2 * share - 1) * LIMIT;
      return [at((event.clientX - box.left) / box.width), -at((event.clientY - box.top) / box.height)];
    },
    toBox: (x, y) => [X(x), Y(y)],
  };
}
