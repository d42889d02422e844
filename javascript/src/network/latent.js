// What gan_tutorial/sampling.py does with noise: truncation, and the way from one vector to another.

/** The normal distribution function, by Marsaglia's series (2004). */
export function ndtr(x) {
  let sum = x;
  for (let term = x, k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Normal noise mapped to the normal cut off at ±bound, each value keeping its rank; no bound, no change. */
export function truncate(noise, bound) {
  if (!bound) return noise;
  const [least, most] = [ndtr(-bound), ndtr(bound)];
  return noise.map((value) => {
    const wanted = least + ndtr(value) * (most - least);
    let [low, high] = [-bound, bound];
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (ndtr(middle) < wanted) low = middle;
      else high = middle;
    }
    return low;
  });
}

/** A vector a share `t` of the way along the arc from one to another; between parallel ones along the chord. */
export function interpolate(start, end, t) {
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const cosine = dot(start, end) / Math.sqrt(dot(start, start) * dot(end, end));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine > 1e-6)) return start.map((value, i) => (1 - t) * value + t * end[i]);
  return start.map((value, i) => (Math.sin((1 - t) * angle) * value + Math.sin(t * angle) * end[i]) / sine);
}
