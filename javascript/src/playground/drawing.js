// Data painted by hand over the plane, with a pointer or with the keyboard.
import { fill, h } from "../common/dom.js";

const EDGE = 0.85;
const SPACING = 0.03;
const MOST = 1000;
const STRIDE = 0.05;

/** The points with one more, unless it is too near to the last one; the oldest go if there are too many. */
export function withPoint(points, [x, y], spacing = SPACING) {
  const bound = (value) => Math.max(-EDGE, Math.min(EDGE, value));
  const point = [bound(x), bound(y)];
  const last = points[points.length - 1];
  if (last && Math.hypot(last[0] - point[0], last[1] - point[1]) < spacing) return points;
  return [...points, point].slice(-MOST);
}

/** A layer over a plane; `onPaint(points)` hears of each change. `enable(points)` and `disable()`. */
export function drawing({ plane, word, onPaint, announce }) {
  const cursor = h("span", { class: "gt-pg-cursor", "aria-hidden": "true" });
  const hint = h("span", { class: "gt-pg-hint", "aria-hidden": "true" }, word("draw_here"));
  const layer = h(
    "div",
    {
      class: "gt-pg-drawing",
      role: "application",
      "aria-label": word("draw_here"),
      tabIndex: 0,
      hidden: true,
    },
    hint,
    cursor,
  );
  let points = [];
  let heard = ""; // the points that were given last
  let at = [0, 0];
  let down = false;

  const set = (changed) => {
    if (changed === points) return;
    points = changed;
    hint.hidden = true;
    if (points.length) onPaint(points);
  };
  const move = (place) => {
    at = place;
    const [left, top] = plane.toBox(...at);
    cursor.style.left = `${left}px`;
    cursor.style.top = `${top}px`;
  };

  layer.addEventListener("pointerdown", (event) => {
    down = true;
    layer.setPointerCapture(event.pointerId);
    set(withPoint(points, plane.place(event)));
  });
  layer.addEventListener("pointermove", (event) => {
    if (!down) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) set(withPoint(points, plane.place(each)));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    layer.addEventListener(end, () => {
      down = false;
    });
  }
  layer.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way) move(at.map((value, i) => Math.max(-EDGE, Math.min(EDGE, value + STRIDE * way[i]))));
    else if (event.key === " ") {
      set(withPoint(points, at, 0));
      announce(fill(word("painted"), { count: points.length }));
    } else if (event.key === "Delete" || event.key === "Backspace") erase();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  layer.addEventListener("focus", () => move(at));

  function erase() {
    points = [];
    hint.hidden = false;
    announce(fill(word("painted"), { count: 0 }));
  }

  return {
    element: layer,
    erase,
    enable(given) {
      const text = JSON.stringify(given);
      // Others come when a state is loaded; those that come back while somebody paints are older than what is painted.
      if (layer.hidden || (text !== heard && !down && document.activeElement !== layer)) points = given;
      heard = text;
      layer.hidden = false;
    },
    disable() {
      layer.hidden = true;
      hint.hidden = false;
    },
  };
}
