// A convolution of an enlarged image, as decoders have them. Enlarging treats all channels alike, so that they may as well be
// mixed before: for each tap of the kernel in the small image, which has a quarter of the pixels. Then it is enlarged, and the
// taps are added where they belong.
import { convolution } from "./convolution.js";

/** A function of the small image and the output; `upsample` is the function that enlarges, of the layer `upsampling`. */
export function enlargedConvolution(
  layer,
  upsampling,
  makeUpsampling,
  [height, width, channels],
  kernel,
  bias,
) {
  const [kh, kw, , outputs] = kernel.shape;
  const [rows, columns] = layer.shape;
  const taps = kh * kw;
  const wide = taps * outputs;
  const mix = new Float32Array(channels * wide);
  for (let tap = 0; tap < taps; tap++)
    for (let c = 0; c < channels; c++)
      for (let o = 0; o < outputs; o++)
        mix[c * wide + tap * outputs + o] = kernel.data[(tap * channels + c) * outputs + o];
  const small = new Float32Array(height * width * wide);
  const large = new Float32Array(rows * columns * wide);
  const mixed = { data: mix, shape: [1, 1, channels, wide] };
  const mixChannels = convolution(
    { shape: [height, width, wide], stride: 1 },
    [height, width, channels],
    mixed,
  );
  const enlarge = makeUpsampling(upsampling, [[height, width, wide]]);
  const [top, left] = [Math.floor((kh - 1) / 2), Math.floor((kw - 1) / 2)];

  return (image, out) => {
    mixChannels(image, small);
    enlarge([small], large);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const at = (y * columns + x) * outputs;
        for (let o = 0; o < outputs; o++) out[at + o] = bias ? bias.data[o] : 0;
        for (let dy = Math.max(0, top - y); dy < Math.min(kh, rows + top - y); dy++)
          for (let dx = Math.max(0, left - x); dx < Math.min(kw, columns + left - x); dx++) {
            const from = ((y + dy - top) * columns + x + dx - left) * wide + (dy * kw + dx) * outputs;
            for (let o = 0; o < outputs; o++) out[at + o] += large[from + o];
          }
      }
  };
}
