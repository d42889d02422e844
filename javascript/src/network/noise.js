// The kernel's noise, number for number: NumPy's default_rng(seed).standard_normal, truncated and interpolated as in
// gan_tutorial/sampling.py. Short enough to be exact for every seed, so that no table has to be sent.

/** NumPy's SeedSequence: a seed below 2³² becomes eight words of 32 bits. */
function seedWords(seed) {
  let factor = 0x43b0d7e5;
  const hash = (value) => {
    const mixed = value ^ factor;
    factor = Math.imul(factor, 0x931e8875);
    const product = Math.imul(mixed, factor);
    return product ^ (product >>> 16);
  };
  const mix = (x, y) => {
    const difference = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
    return difference ^ ((difference | 0) >>> 16);
  };
  const pool = [seed, 0, 0, 0].map(hash);
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  factor = 0x8b51f9dd;
  return Array.from({ length: 8 }, (_, i) => {
    const mixed = pool[i % 4] ^ factor;
    factor = Math.imul(factor, 0x58f38ded);
    const product = Math.imul(mixed, factor);
    return (product ^ (product >>> 16)) >>> 0;
  });
}

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** PCG64 (O'Neill 2014): a function that gives 64 random bits. */
function generator(seed) {
  const words = seedWords(seed).map(BigInt);
  const long = (i) => (((words[i + 1] << 32n) | words[i]) << 64n) | (words[i + 3] << 32n) | words[i + 2];
  const increment = BigInt.asUintN(128, (long(4) << 1n) | 1n);
  const advance = (state) => BigInt.asUintN(128, state * MULTIPLIER + increment);
  let state = advance(increment + long(0));
  return () => {
    state = advance(state);
    const folded = BigInt.asUintN(64, (state >> 64n) ^ state);
    const turn = state >> 122n;
    return BigInt.asUintN(64, (folded >> turn) | (folded << (64n - turn)));
  };
}

// The ziggurat (Marsaglia & Tsang 2000): 256 layers of equal area, the lowest one with the tail beyond R.
const R = 3.6541528853610088;
const AREA = 0.00492867323399;
const bell = (x) => Math.exp((-x * x) / 2);
const EDGES = [AREA / bell(R), R];
for (let i = 2; i < 256; i++) EDGES.push(Math.sqrt(-2 * Math.log(AREA / EDGES[i - 1] + bell(EDGES[i - 1]))));
EDGES.push(0);

/** Standard normal noise as `generate_noise(1, size, seed)` gives it. */
export function noise(size, seed) {
  const next = generator(seed);
  const uniform = () => Number(next() >> 11n) * 2 ** -53;

  function normal() {
    for (;;) {
      const bits = next();
      const layer = Number(bits & 255n);
      const place = Number((bits >> 9n) & ((1n << 52n) - 1n)) * 2 ** -52;
      // NumPy counts layers from the bottom, then from the top.
      const at = layer ? 256 - layer : 0;
      const x = place * EDGES[at];
      const sign = bits & 256n ? -1 : 1;
      if (x < EDGES[at + 1]) return sign * x;
      if (layer === 0) {
        for (;;) {
          const beyond = -Math.log1p(-uniform()) / R;
          const height = -Math.log1p(-uniform());
          if (2 * height > beyond * beyond) return (bits & (1n << 17n) ? -1 : 1) * (R + beyond);
        }
      }
      const [low, high] = [bell(EDGES[at]), bell(EDGES[at + 1])];
      if (low + (high - low) * uniform() < bell(x)) return sign * x;
    }
  }
  return Float32Array.from({ length: size }, normal);
}
