// A picture that is replaced in place: PNG bytes on a canvas, so nothing flickers and no old one comes after a newer.
import { h } from "./dom.js";

export function picture() {
  const element = h("canvas", { class: "gt-picture", role: "img" });
  let last = 0;

  /** Shows bytes at a width in CSS pixels; resolves to true once they are painted, to false if newer ones came. */
  async function show(bytes, width, crisp = false) {
    last += 1;
    const number = last;
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    if (number !== last) return false;
    element.width = bitmap.width;
    element.height = bitmap.height;
    element.style.width = `${width || bitmap.width}px`;
    element.classList.toggle("gt-crisp", crisp);
    element.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
    return true;
  }
  return { element, show };
}
