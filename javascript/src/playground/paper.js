// The graph as a picture whose parts have names: boxes, edges, and places for numbers.
import { BOXES, course, HEIGHT, MIDDLE, SCALE, WIDTH } from "./graph.js";
import { EDGES } from "./phases.js";

/** The two that move: they are locked while the other does. */
export const PLAYERS = ["discriminator", "generator"];

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The picture, and its parts by name; `word` gives the names of the boxes. */
export function paper(word) {
  const parts = {};
  const keep = (name, tag, attributes, ...children) => {
    parts[name] = svg(tag, attributes, ...children);
    return parts[name];
  };
  const text = (name, x, y, look = "") => keep(name, "text", { x, y, class: `gt-pg-flow-text ${look}` });
  const title = (name, words, inside) => {
    const [x, y, width] = BOXES[name];
    const heading = text(`${name}_title`, x + width / 2, inside ? y + 18 : y - 8, "gt-pg-flow-title");
    heading.textContent = words;
    return heading;
  };
  const below = (name, row, inside) => {
    const [x, y, width, height] = BOXES[name];
    return text(
      `${name}_${row}`,
      x + width / 2,
      y + height + (inside ? (PLAYERS.includes(name) ? 14 : 16) * (row - 2) - 6 : 16),
    );
  };
  const box = (name, words, inside) => {
    const [x, y, width, height] = BOXES[name];
    const frame = svg("rect", { x, y, width, height, rx: 6, class: "gt-pg-flow-box" });
    const path = keep(`${name}_path`, "path", {});
    const lock = svg(
      "g",
      { class: "gt-pg-flow-lock", transform: `translate(${x + width - 2} ${y + 2})` },
      svg("circle", { r: 11 }),
      svg("path", { d: "M-3-1v-2a3 3 0 0 1 6 0v2m-8 0h10v7h-10z" }),
    );
    const rows = [1, ...(inside ? [2] : [])].map((row) => below(name, row, inside));
    const locks = PLAYERS.includes(name) ? [lock] : [];
    const look = `gt-pg-flow-node gt-pg-flow-${name}`;
    return keep(name, "g", { class: look }, frame, path, title(name, words, inside), ...rows, ...locks);
  };
  const edges = Object.entries(EDGES).map(([name, what]) => {
    const { line, head } = course(name);
    const look = `gt-pg-flow-edge gt-pg-flow-${what}`;
    return keep(name, "g", { class: look }, svg("path", { d: line }), svg("path", head));
  });
  const [left, top, , height] = BOXES.says;
  const y = top + height - 17;
  const said = ["real", "fake"].flatMap((name, row) => [
    text(`says_${name}_name`, left + 10, top + 38 + 17 * row, `gt-pg-flow-start gt-pg-flow-${name}`),
    text(`says_${name}`, left + 126, top + 38 + 17 * row, "gt-pg-flow-end"),
    keep(`mark_${name}`, "circle", {
      cy: y + (row ? 4 : -4),
      r: 4,
      class: `gt-pg-flow-mark gt-pg-flow-${name}`,
    }),
  ]);
  const element = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    ...edges,
    box("noise", word("noise")),
    box("generator", word("g_title"), true),
    box("fake", word("generated")),
    box("data", word("data")),
    box("real", word("real")),
    box("discriminator", word("d_title"), true),
    box("says", word("d_says"), true),
    box("generator_loss", word("flow_generator_loss"), true),
    box("discriminator_loss", word("flow_discriminator_loss"), true),
    svg("path", { class: "gt-pg-flow-scale", d: `M${MIDDLE - SCALE / 2} ${y}h${SCALE}m${-SCALE / 2} -4v8` }),
    ...said,
    text("push", 348, 42, "gt-pg-flow-start gt-pg-flow-push"),
  );
  parts.says_real_name.textContent = word("real");
  parts.says_fake_name.textContent = word("generated");
  return { element, parts };
}
