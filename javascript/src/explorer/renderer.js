// Who computes the images: this page or, where it cannot, the kernel. Both give a promise of arrays (height × width × channels).
import { network } from "../network/network.js";

const PATIENCE = 1500; // ms until a learner should hear that the kernel is busy

/** `render(list of inputs)`; `atOnce` images are asked for together. `waiting(true or false)` hears of a busy kernel. */
export function renderer(model, waiting, clean) {
  const wiring = model.get("network");
  if (wiring) {
    const compute = network(wiring, new Uint8Array(asBuffer(model.get("weights"))));
    return { atOnce: 1, render: async (list) => list.map(compute) };
  }
  let last = 0;
  const open = new Map();
  const hear = ({ drawn }, buffers) => {
    open.get(drawn)?.(buffers.length ? new Float32Array(asBuffer(buffers[0])) : []);
    open.delete(drawn);
  };
  model.on("msg:custom", hear);
  clean(() => model.off("msg:custom", hear));
  return {
    atOnce: 12,
    async render(list) {
      const draw = ++last;
      const late = setTimeout(() => waiting(true), PATIENCE);
      const all = await new Promise((done) => {
        open.set(draw, done);
        model.send({ draw, inputs: list.map((each) => ({ ...each, noise: [...each.noise] })) });
      });
      clearTimeout(late);
      waiting(false);
      const size = all.length / list.length;
      if (!size) return []; // the kernel failed, and says so
      return list.map((_, i) => all.subarray(i * size, (i + 1) * size));
    },
  };
}

/** The bytes of a view, aligned. */
const asBuffer = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
