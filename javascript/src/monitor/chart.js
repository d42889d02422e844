// One chart: lines drawn as SVG in the style sheet's colours, so that it follows the theme by itself.
import { h, newId } from "../common/dom.js";
import { extent, latest, number, path, place } from "./curves.js";

const SVG = "http://www.w3.org/2000/svg";
const STYLES = ["real", "generated", "good"];

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A chart of some lines; `travel(step)` hears where the mouse points. */
export function chart({ title, lines, limits, level, gap }, word, travel) {
  const paths = lines.map((_, i) => svg("path", { class: `gt-line gt-line-${STYLES[i]}` }));
  const ruler = svg("line", { class: "gt-level", x1: 0, x2: 100 });
  const marker = svg("line", { class: "gt-marker", y1: 0, y2: 100 });
  const drawing = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" });
  drawing.append(ruler, ...paths, marker);
  const values = lines.map(() => h("span", { class: "gt-chart-value" }));
  const between = gap ? h("span", { class: "gt-chart-value" }) : null;
  const legend = lines.map((name, i) =>
    h("span", { class: `gt-key gt-key-${STYLES[i]}` }, lines.length > 1 ? `${word(name)} ` : "", values[i]),
  );
  const top = h("span", { class: "gt-chart-top" });
  const bottom = h("span", { class: "gt-chart-bottom" });
  const caption = newId("chart");
  const element = h(
    "figure",
    { class: "gt-chart", "aria-labelledby": caption },
    h(
      "figcaption",
      { id: caption },
      h("strong", {}, word(title)),
      legend,
      between && h("span", { class: "gt-key" }, `${word("gap")} `, between),
    ),
    h("div", { class: "gt-chart-area" }, drawing, top, bottom),
  );

  let across = [0, 1];
  const point = (event) => {
    if (event.type === "pointermove" && !event.buttons) return;
    const box = drawing.getBoundingClientRect();
    travel(across[0] + ((event.clientX - box.left) / box.width) * (across[1] - across[0]));
  };
  drawing.addEventListener("pointerdown", point);
  drawing.addEventListener("pointermove", point);

  /** Draws all lines again, from the start to a step. */
  function draw(moments, end) {
    across = [0, end];
    const upright = extent(moments, lines, limits ?? (level === undefined ? [] : [level]));
    lines.forEach((name, i) => {
      paths[i].setAttribute("d", path(moments, name, across, upright));
    });
    ruler.style.display = level === undefined ? "none" : "";
    if (level !== undefined) {
      ruler.setAttribute("y1", 100 - place(level, upright));
      ruler.setAttribute("y2", 100 - place(level, upright));
    }
    top.textContent = number(upright[1]);
    bottom.textContent = number(upright[0]);
  }

  /** Moves the marker to a moment, and writes its numbers. */
  function mark(moments, index) {
    const x = place(moments[index].step, across);
    marker.setAttribute("x1", x);
    marker.setAttribute("x2", x);
    const found = lines.map((name) => latest(moments, index, name));
    found.forEach((value, i) => {
      values[i].textContent = number(value);
    });
    if (between) between.textContent = number(found[0] - found[1]);
  }
  return { element, draw, mark };
}
