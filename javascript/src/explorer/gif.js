// GIF 89a, an endless film: one palette of 256 colours for all frames, found by median cut (Heckbert 1982).

/** The bytes of a film. `frames` are RGBA, width × height; `milliseconds` is how long each stays. */
export function gif(frames, width, height, milliseconds) {
  const { palette, index } = quantize(frames);
  const bytes = [];
  const short = (n) => bytes.push(n & 255, n >> 8);
  const text = (s) => bytes.push(...[...s].map((c) => c.charCodeAt(0)));
  text("GIF89a");
  short(width);
  short(height);
  bytes.push(0xf7, 0, 0, ...palette, 0x21, 0xff, 11);
  text("NETSCAPE2.0");
  bytes.push(3, 1, 0, 0, 0);
  for (const frame of frames) {
    bytes.push(0x21, 0xf9, 4, 0);
    short(Math.round(milliseconds / 10));
    bytes.push(0, 0, 0x2c, 0, 0, 0, 0);
    short(width);
    short(height);
    bytes.push(0, 8);
    const numbers = new Uint8Array(width * height);
    for (let i = 0; i < numbers.length; i++) numbers[i] = index[bin(frame, 4 * i)];
    const packed = compress(numbers);
    for (let i = 0; i < packed.length; i += 255) {
      const block = packed.slice(i, i + 255);
      bytes.push(block.length, ...block);
    }
    bytes.push(0);
  }
  bytes.push(0x3b);
  return Uint8Array.from(bytes);
}

const BITS = 6; // of each colour that count
const bin = (rgba, i) =>
  ((rgba[i] >> (8 - BITS)) << (2 * BITS)) |
  ((rgba[i + 1] >> (8 - BITS)) << BITS) |
  (rgba[i + 2] >> (8 - BITS));

/** 256 colours, and which of them each bin of similar colours becomes. */
function quantize(frames) {
  const counts = new Uint32Array(1 << (3 * BITS));
  const sums = new Float64Array(3 * counts.length);
  for (const frame of frames)
    for (let i = 0; i < frame.length; i += 4) {
      const b = bin(frame, i);
      counts[b]++;
      for (let c = 0; c < 3; c++) sums[3 * b + c] += frame[i + c];
    }
  const level = (b, c) => sums[3 * b + c] / counts[b];
  const box = (bins) => {
    const spans = [0, 1, 2].map((c) => {
      const levels = bins.map((b) => level(b, c));
      return levels.reduce((a, b) => Math.max(a, b)) - levels.reduce((a, b) => Math.min(a, b));
    });
    const widest = spans.indexOf(Math.max(...spans));
    const weight = bins.reduce((sum, b) => sum + counts[b], 0);
    return { bins, widest, weight, worth: bins.length > 1 ? spans[widest] * Math.sqrt(weight) : 0 };
  };
  const boxes = [box([...counts.keys()].filter((b) => counts[b]))];
  while (boxes.length < 256) {
    const largest = boxes.reduce((a, b) => (b.worth > a.worth ? b : a));
    if (!largest.worth) break;
    const { widest, weight } = largest;
    const sorted = largest.bins.sort((a, b) => level(a, widest) - level(b, widest));
    let half = 0;
    let cut = 0;
    while (cut < sorted.length - 1 && half < weight / 2) half += counts[sorted[cut++]];
    boxes.splice(boxes.indexOf(largest), 1, box(sorted.slice(0, cut)), box(sorted.slice(cut)));
  }
  const palette = new Uint8Array(3 * 256);
  const index = new Uint8Array(counts.length);
  boxes.forEach(({ bins, weight }, number) => {
    for (const b of bins) index[b] = number;
    for (let c = 0; c < 3; c++) {
      palette[3 * number + c] = Math.round(bins.reduce((sum, b) => sum + sums[3 * b + c], 0) / weight);
    }
  });
  return { palette, index };
}

/** Lempel, Ziv and Welch's compression of bytes, with codes of 9 to 12 bits. */
function compress(numbers) {
  const [CLEAR, END] = [256, 257];
  const out = [];
  let [bits, held, size] = [0, 0, 9];
  let codes = new Map();
  const write = (code) => {
    bits |= code << held;
    for (held += size; held >= 8; held -= 8, bits >>>= 8) out.push(bits & 255);
  };
  write(CLEAR);
  let prefix = numbers[0];
  let next = END + 1;
  for (let i = 1; i < numbers.length; i++) {
    const key = (prefix << 8) | numbers[i];
    const known = codes.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    write(prefix);
    prefix = numbers[i];
    if (next < 4096) {
      // A code that needs one more bit makes all that follow wider.
      if (next === 1 << size) size++;
      codes.set(key, next++);
    } else {
      write(CLEAR);
      [codes, next, size] = [new Map(), END + 1, 9];
    }
  }
  write(prefix);
  write(END);
  if (held) out.push(bits & 255);
  return out;
}
