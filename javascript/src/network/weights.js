// The network's numbers, as the kernel packed them.

/** Half-precision numbers from their bits: those of a single-precision number, but for fewer of them and 2¹¹² in size. */
export function halves(bits) {
  const numbers = new Float32Array(bits.length);
  const raw = new Uint32Array(numbers.buffer);
  for (let i = 0; i < bits.length; i++) {
    raw[i] = ((bits[i] & 0x8000) << 16) | ((bits[i] & 0x7fff) << 13);
    numbers[i] *= 2 ** 112;
  }
  return numbers;
}

/** Arrays by name: `{ data: Float32Array, shape }`, from the `wiring` and the bytes of all one after another. */
export function unpack(wiring, bytes) {
  // A copy, because the bytes may begin anywhere and typed arrays may not.
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const numbers = wiring.half ? halves(new Uint16Array(buffer)) : new Float32Array(buffer);
  const arrays = {};
  let start = 0;
  for (const [name, shape] of wiring.arrays) {
    const end = start + shape.reduce((a, b) => a * b, 1);
    arrays[name] = { data: numbers.subarray(start, end), shape };
    start = end;
  }
  if (start !== numbers.length) throw new Error(`${numbers.length} weights, but the layers have ${start}`);
  return arrays;
}
