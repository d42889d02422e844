// Images in [-1, 1] as pixels.

/** RGBA bytes of an image, each of its pixels `scale` pixels wide and high. */
export function pixels(image, [height, width, channels], scale = 1) {
  const rgba = new Uint8ClampedArray(height * width * scale * scale * 4);
  let at = 0;
  for (let y = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++) {
      const i = (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
      for (let c = 0; c < 3; c++) rgba[at++] = image[i + (channels === 3 ? c : 0)] * 127.5 + 127.5;
      rgba[at++] = 255;
    }
  return rgba;
}

/** Show an image, if there is one, on a canvas of just its size; style sheets enlarge it. */
export function show(canvas, image, shape) {
  if (!image) return;
  const [height, width] = shape;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(new ImageData(pixels(image, shape), width, height), 0, 0);
}

/** Let the reader save a file. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
