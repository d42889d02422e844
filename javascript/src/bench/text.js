// What a bench says, and how it reads colours: no document needed.

/** A function that writes numbers with so many digits after the point. */
export const digits = (count) => (value) => value.toFixed(count);

/** A computed colour, "rgb(1, 2, 3)" or "rgba(1, 2, 3, 0.5)" or "color(srgb 0.1 0.2 0.3 / 0.5)", as #rrggbb or #rrggbbaa. */
export function hex(computed) {
  const [red, green, blue, alpha = 1] = computed.match(/[\d.]+(?:e-?\d+)?/g).map(Number);
  const unit = computed.startsWith("color(") ? 255 : 1;
  const channels = [red * unit, green * unit, blue * unit, ...(alpha < 1 ? [alpha * 255] : [])];
  return `#${channels.map((each) => Math.round(each).toString(16).padStart(2, "0")).join("")}`;
}

/** Whether a colour #rrggbb is dark: ink of a light page. */
export function isDark(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
}

/** All controls in words: "shift 1.5, width 2". */
export const told = (controls) => controls.map(({ label, said }) => `${label} ${said}`).join(", ");
