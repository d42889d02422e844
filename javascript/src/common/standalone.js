// Widgets without a kernel: what they ask of a model, with nobody behind it.

export const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** What a widget asks of its model. */
export function standalone(traits) {
  return {
    get: (name) => traits[name],
    set(name, value) {
      traits[name] = value;
    },
    save_changes() {},
    send() {},
    on() {},
    off() {},
  };
}

/** The traits of a model that was stored in a page: its binary values, base64 beside the rest, are put back at their paths. */
export function stored({ state, buffers = [] }) {
  const traits = structuredClone(state);
  for (const { path, data } of buffers) {
    const [last, ...first] = path.toReversed();
    const holder = first.reduceRight((value, name) => value[name], traits);
    holder[last] = new DataView(bytesOf(data).buffer);
  }
  return traits;
}
