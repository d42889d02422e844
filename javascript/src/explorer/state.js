// What is shown, as plain values: `{ conditions, other, share, seed, truncation, strengths }`. The `scene` says what there is.
import { fill } from "../common/dom.js";
import { interpolate, truncate } from "../network/latent.js";
import { noise } from "../network/noise.js";

/** The condition of which two categories can be mixed: the first with categories. */
export const mixed = (scene) => scene.conditions.find(({ categories }) => categories.length);

/** Categories as sentences tell them. A notebook that was saved by an older version has no names but those of code. */
const names = ({ categories, told = categories }) => told;

/** The same where one chooses, and the label of the choice. */
export const choosing = ({ text, categories, label = text, offered = categories }) => ({ label, offered });

/** The noise vector of a state. */
export function latent({ latentDim, directions }, { seed, truncation, strengths }) {
  const z = truncate(noise(latentDim, seed), truncation).slice();
  strengths.forEach((strength, k) => {
    if (strength) for (let i = 0; i < z.length; i++) z[i] += strength * directions[k].vector[i];
  });
  return z;
}

/** What the network is asked: the noise, and each condition as a number or, if mixed, as shares by category. */
export function inputs(scene, state) {
  const asked = { ...state.conditions };
  const first = mixed(scene);
  if (first && state.share) asked[first.name] = blend(asked[first.name], state.other, state.share);
  return { noise: latent(scene, state), ...asked };
}

/** The inputs a share `t` of the way from one to another. */
export function between(scene, from, to, t) {
  const way = { noise: interpolate(from.noise, to.noise, t) };
  for (const { name, categories } of scene.conditions)
    way[name] = categories.length ? blend(from[name], to[name], t) : (1 - t) * from[name] + t * to[name];
  return way;
}

const blend = (from, to, t) => {
  if (from === to) return from;
  const shares = {};
  for (const [value, part] of [
    [from, 1 - t],
    [to, t],
  ])
    for (const [category, share] of typeof value === "object" ? Object.entries(value) : [[value, 1]])
      if (part * share) shares[category] = (shares[category] ?? 0) + part * share;
  return shares;
};

/** Another state, chosen at random: noise and, of the conditions, categories. */
export function surprise(scene, state) {
  const conditions = { ...state.conditions };
  for (const { name, categories } of scene.conditions)
    if (categories.length) conditions[name] = Math.floor(Math.random() * categories.length);
  return { ...state, conditions, seed: (state.seed + 1 + Math.floor(Math.random() * 998)) % 1000, share: 0 };
}

/** The state in words, for descriptions. */
export function told(scene, state, word) {
  const parts = scene.conditions.map((condition) => {
    const value = state.conditions[condition.name];
    return `${condition.text} ${condition.categories.length ? names(condition)[value] : short(value)}`;
  });
  const first = mixed(scene);
  if (first && state.share) {
    const percent = Math.round(100 * state.share);
    parts.push(fill(word("mixed_with"), { percent, name: names(first)[state.other] }));
  }
  return [...parts, `${word("noise")} ${state.seed}`].join(", ");
}

export const short = (value) => String(Number(value.toFixed(2)));
const exact = (value) => String(Number(value.toPrecision(7)));

/** Python that makes the image of a state. */
export function code(scene, state, word) {
  const { loader, latentDim, conditions, directions, principal } = scene;
  const first = mixed(scene);
  const blended = first && state.share > 0;
  const pushed = state.strengths.some((strength) => strength);
  const lines = [
    pushed && !principal ? "import numpy as np\n\nimport gan_tutorial as gt" : "import gan_tutorial as gt",
    "",
  ];
  lines.push(loader ? `generator, card = ${loader}` : `# ${word("code_generator")}`);
  const bound = state.truncation ? `, truncation=${exact(state.truncation)}` : "";
  lines.push(`noise = gt.generate_noise(1, ${latentDim}, seed=${state.seed}${bound})`);
  if (pushed && principal) {
    const strengths = state.strengths.map(exact).join(", ");
    lines.push(`directions = gt.widgets.principal_directions(generator, ${directions.length})`);
    lines.push(`noise = (noise + [${strengths}] @ directions).astype("float32")`);
  } else if (pushed) {
    state.strengths.forEach((strength, k) => {
      const vector = directions[k].vector.map(exact).join(", ");
      if (strength)
        lines.push(`noise += ${exact(strength)} * np.array([${vector}], "float32")  # ${directions[k].name}`);
    });
  }
  const asked = conditions
    .filter((condition) => !(blended && condition === first))
    .map(({ name, categories }) => {
      const value = state.conditions[name];
      return `, ${name}=${categories.length ? quoted(categories[value]) : exact(value)}`;
    })
    .join("");
  if (blended) {
    const [one, other] = [first.categories[state.conditions[first.name]], first.categories[state.other]];
    const shares = `{${quoted(one)}: [${exact(1 - state.share)}], ${quoted(other)}: [${exact(state.share)}]}`;
    lines.push(`images = gt.widgets.mix_categories(generator, noise, ${shares}${asked})`);
  } else lines.push(`images = gt.generate_images(generator, noise=noise${asked})`);
  lines.push("gt.display_images(images, size=3)");
  return `${lines.join("\n")}\n`;
}

/** A Python string: JSON's are. */
const quoted = (text) => JSON.stringify(text);
