// A generator that runs in the page, one image at a time. TensorFlow.js is 1.1 MB and wants a file format and a GPU of its
// own, ONNX Runtime Web over 10 MB of WebAssembly. A generator is a dozen layers of a dozen kinds: these modules are 10 kB
// and answer within a frame.
import { enlargedConvolution } from "./enlarged.js";
import { KINDS } from "./layers.js";
import { unpack } from "./weights.js";

/** The `wiring` and bytes of a `Network` (Python) as a function: inputs by name to an image, (height, width, channels). */
export function network(wiring, bytes) {
  const arrays = unpack(wiring, bytes);
  const { layers } = wiring;
  const results = layers.map(({ kind, shape }) =>
    kind === "input" ? null : new Float32Array(shape.reduce((a, b) => a * b, 1)),
  );
  const steps = layers
    .map((layer, place) => ({ place, layer, ...plan(layer, layers, arrays) }))
    .filter(({ layer, place }) => !isMerged(layer, place, layers));

  return (inputs) => {
    for (const { place, layer, sources, compute } of steps) {
      if (compute)
        compute(
          sources.map((source) => results[source]),
          results[place],
        );
      else results[place] = inputs[layer.name];
    }
    return results.at(-1).slice();
  };
}

/** Which results a layer takes, and the function that computes its own; none for an input. */
function plan(layer, layers, arrays) {
  if (layer.kind === "input") return { sources: [] };
  const weights = layer.weights.map((name) => name && arrays[name]);
  const [first] = layer.inputs;
  if (layer.kind === "convolution" && isMerged(layers[first], first, layers)) {
    const sources = layers[first].inputs;
    const compute = enlargedConvolution(
      layer,
      layers[first],
      KINDS.upsampling,
      layers[sources[0]].shape,
      ...weights,
    );
    return { sources, compute: ([image], out) => compute(image, out) };
  }
  const shapes = layer.inputs.map((source) => layers[source].shape);
  return { sources: layer.inputs, compute: KINDS[layer.kind](layer, shapes, weights) };
}

/** Whether a layer enlarges an image for a convolution alone, which then does both. */
function isMerged({ kind }, place, layers) {
  const users = layers.filter(({ inputs }) => inputs.includes(place));
  return (
    kind === "upsampling" && users.length === 1 && users[0].kind === "convolution" && users[0].stride === 1
  );
}
