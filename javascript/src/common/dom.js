/**
 * Makes an element. Properties starting with "on" are listeners, "aria-…", "data-…", "role", "for" and "class" are
 * attributes, `style` may be an object (custom properties too), all others are set as they are. Text is never parsed.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "style" && typeof value === "object") {
      for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, setting);
    } else if (/^(aria-|data-|role$|for$|class$)/.test(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

let last = 0;

/** An id that no other element of the page has. */
export const newId = (stem) => `gt-${stem}-${++last}-${Math.random().toString(36).slice(2, 7)}`;

/** Text with its {names} replaced: fill("step {step}", { step: 3 }). */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** Colours of the style sheet, by name, as the browser computes them at this element in the theme of now. */
export function computedColours(element, names) {
  const probe = h("span", { hidden: true });
  element.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--gt-${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found);
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
