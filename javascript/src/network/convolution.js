// Convolutions of one image, channels last. Both kinds come down to one loop over contiguous numbers.

const BLOCK = 4; // output channels at once

/**
 * A function that slides a kernel over an image. `taps(dy, dx, c, o)` gives the kernel, of size `kh`×`kw`. The image lies
 * `pad` pixels within a padded one. Output pixel (y, x) begins at padded pixel (y + `top`, x + `left`), times `stride`, and is written to
 * `place(y, x)` of `out`.
 */
function slider({
  padded,
  width,
  channels,
  kh,
  kw,
  taps,
  outputs,
  bias,
  top,
  left,
  stride,
  rows,
  columns,
  place,
}) {
  const blocks = Math.ceil(outputs / BLOCK);
  const run = kw * channels;
  const kernel = new Float32Array(blocks * kh * run * BLOCK);
  for (let o = 0; o < outputs; o++)
    for (let dy = 0; dy < kh; dy++)
      for (let dx = 0; dx < kw; dx++)
        for (let c = 0; c < channels; c++) {
          const block = (o - (o % BLOCK)) / BLOCK;
          kernel[((block * kh + dy) * run + dx * channels + c) * BLOCK + (o % BLOCK)] = taps(dy, dx, c, o);
        }
  const start = new Float64Array(blocks * BLOCK);
  if (bias) start.set(bias);
  const row = width * channels;
  const step = stride * channels;

  // Two pixels and four channels at once: each number read serves four multiplications or two.
  return (out) => {
    for (let block = 0; block < blocks; block++) {
      const first = block * BLOCK;
      const some = Math.min(BLOCK, outputs - first);
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x += 2) {
          let a0 = start[first];
          let a1 = start[first + 1];
          let a2 = start[first + 2];
          let a3 = start[first + 3];
          let b0 = a0;
          let b1 = a1;
          let b2 = a2;
          let b3 = a3;
          let k = block * kh * run * BLOCK;
          for (let dy = 0; dy < kh; dy++) {
            let i = ((y + top) * stride + dy) * row + (x + left) * step;
            for (const end = i + run; i < end; i++, k += BLOCK) {
              const u = padded[i];
              const v = padded[i + step];
              const k0 = kernel[k];
              const k1 = kernel[k + 1];
              const k2 = kernel[k + 2];
              const k3 = kernel[k + 3];
              a0 += u * k0;
              a1 += u * k1;
              a2 += u * k2;
              a3 += u * k3;
              b0 += v * k0;
              b1 += v * k1;
              b2 += v * k2;
              b3 += v * k3;
            }
          }
          write(out, place(y, x) + first, some, a0, a1, a2, a3);
          if (x + 1 < columns) write(out, place(y, x + 1) + first, some, b0, b1, b2, b3);
        }
      }
    }
  };
}

function write(out, at, some, a0, a1, a2, a3) {
  out[at] = a0;
  if (some > 1) out[at + 1] = a1;
  if (some > 2) out[at + 2] = a2;
  if (some > 3) out[at + 3] = a3;
}

/** A copy of an image within zeros, `pad` before each side and `pad` and one column more after it. */
function frame(height, width, channels, pad) {
  const wide = width + 2 * pad + 1;
  const padded = new Float32Array((height + 2 * pad) * wide * channels);
  const fill = (image) => {
    for (let y = 0; y < height; y++) {
      const line = image.subarray(y * width * channels, (y + 1) * width * channels);
      padded.set(line, ((y + pad) * wide + pad) * channels);
    }
  };
  return { padded, width: wide, fill };
}

/** `Conv2D` with "same" padding; kernel (kh, kw, channels, outputs). A function of image and output. */
export function convolution({ shape, stride }, [height, width, channels], kernel, bias) {
  const [kh, kw, , outputs] = kernel.shape;
  const [rows, columns] = shape;
  const pad = Math.max(kh, kw);
  const { padded, width: wide, fill } = frame(height, width, channels, pad);
  const before = (from, to, size) => Math.floor(Math.max((to - 1) * stride + size - from, 0) / 2);
  const origin = padded.subarray(
    ((pad - before(height, rows, kh)) * wide + pad - before(width, columns, kw)) * channels,
  );
  const taps = (dy, dx, c, o) => kernel.data[((dy * kw + dx) * channels + c) * outputs + o];
  const place = (y, x) => (y * columns + x) * outputs;
  const size = { width: wide, channels, kh, kw, outputs, rows, columns };
  const slide = slider({ ...size, padded: origin, taps, bias: bias?.data, top: 0, left: 0, stride, place });
  return (image, out) => {
    fill(image);
    slide(out);
  };
}

/**
 * `Conv2DTranspose` with "same" padding; kernel (kh, kw, outputs, channels). Output pixels of equal remainder by the stride
 * see the same part of the kernel: each such phase is a plain convolution of the input.
 */
export function transposed({ stride }, [height, width, channels], kernel, bias) {
  const [kh, kw, outputs] = kernel.shape;
  const pad = Math.max(kh, kw);
  const { padded, width: wide, fill } = frame(height, width, channels, pad);
  const slides = [];
  for (let py = 0; py < stride; py++) {
    for (let px = 0; px < stride; px++) {
      const vertical = phase(py, kh, stride);
      const horizontal = phase(px, kw, stride);
      const taps = (dy, dx, c, o) =>
        kernel.data[((vertical.taps[dy] * kw + horizontal.taps[dx]) * outputs + o) * channels + c];
      const place = (y, x) => ((y * stride + py) * width * stride + x * stride + px) * outputs;
      const size = { width: wide, channels, kh: vertical.taps.length, kw: horizontal.taps.length, outputs };
      const origin = { top: pad + vertical.first, left: pad + horizontal.first };
      slides.push(
        slider({
          ...size,
          ...origin,
          padded,
          taps,
          bias: bias?.data,
          stride: 1,
          rows: height,
          columns: width,
          place,
        }),
      );
    }
  }
  return (image, out) => {
    fill(image);
    for (const slide of slides) slide(out);
  };
}

/** Which taps an output pixel of remainder `remainder` sees, and the input pixel that the first of them meets, from its own. */
function phase(remainder, size, stride) {
  const before = Math.floor(Math.max(size - stride, 0) / 2);
  const taps = [];
  for (let tap = (remainder + before) % stride; tap < size; tap += stride) taps.unshift(tap);
  return { taps, first: Math.floor((remainder + before) / stride) - (taps.length - 1) };
}
