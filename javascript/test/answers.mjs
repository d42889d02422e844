// What the page would compute, for tests in Python: questions as JSON on standard input, answers on standard output.
import { readFileSync } from "node:fs";
import { gif } from "../src/explorer/gif.js";
import { pixels } from "../src/explorer/image.js";
import { code, inputs, told } from "../src/explorer/state.js";
import { interpolate, truncate } from "../src/network/latent.js";
import { network } from "../src/network/network.js";
import { noise } from "../src/network/noise.js";

const ANSWERS = {
  noise: ({ size, seed, truncation }) => [...truncate(noise(size, seed), truncation)],
  interpolate: ({ start, end, t }) => interpolate(start, end, t),
  /** An image for each state, or for inputs as they are. */
  images({ wiring, weights, scene, states, all }) {
    const compute = network(wiring, Buffer.from(weights, "base64"));
    const asked = all ?? states.map((state) => inputs(scene, state));
    return asked.map((each) => [...compute({ ...each, noise: Float32Array.from(each.noise) })]);
  },
  code: ({ scene, states }) => states.map((state) => code(scene, state, (word) => word)),
  gif({ images, shape, scale }) {
    const frames = images.map((image) => pixels(image, shape, scale));
    return Buffer.from(gif(frames, shape[1] * scale, shape[0] * scale, 100)).toString("base64");
  },
  told: ({ scene, state }) => told(scene, state, (word) => word),
};

const questions = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(questions.map(([name, question]) => ANSWERS[name](question))));
