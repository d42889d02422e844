/**
 * The pictures of one message: a list of {name: {data, shape}}, views into its buffer of float32. `parts` says for each
 * picture which arrays follow each other, [name, shape].
 */
export function unpack(parts, buffer) {
  const view = buffer instanceof DataView ? buffer : new DataView(buffer);
  // A view into a larger message may not be aligned.
  const bytes =
    view.byteOffset % 4 ? view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) : view.buffer;
  let offset = view.byteOffset % 4 ? 0 : view.byteOffset;
  return parts.map((arrays) => {
    const picture = {};
    for (const [name, shape] of arrays) {
      const length = shape.reduce((product, size) => product * size, 1);
      picture[name] = { data: new Float32Array(bytes, offset, length), shape };
      offset += 4 * length;
    }
    return picture;
  });
}

/** Frames per second, of the last second: call it at each frame. */
export function meter(now = () => performance.now()) {
  let times = [];
  return () => {
    const time = now();
    times = [...times.filter((t) => time - t < 1000), time];
    return times.length > 1 ? (1000 * (times.length - 1)) / (time - times[0]) : 0;
  };
}
