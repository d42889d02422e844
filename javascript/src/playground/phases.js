// One training step, taken apart: along which edges of the graph something flows, and when. Nothing is painted here.

/** What flows along each edge, "from-to". Gradients flow back, from the losses to the player that moves. */
export const EDGES = {
  "noise-generator": "generated",
  "generator-fake": "generated",
  "fake-discriminator": "generated",
  "data-real": "real",
  "real-discriminator": "real",
  "discriminator-says": "opinion",
  "says-discriminator_loss": "opinion",
  "says-generator_loss": "opinion",
  "discriminator_loss-discriminator": "gradient",
  "generator_loss-discriminator": "gradient",
  "discriminator-fake": "gradient",
  "fake-generator": "gradient",
};

const FAKE = ["noise-generator", "generator-fake", "fake-discriminator"];
const REAL = ["data-real", "real-discriminator"];
const FLOWS = {
  discriminator: {
    forward: [...FAKE, ...REAL, "discriminator-says", "says-discriminator_loss"],
    backward: ["discriminator_loss-discriminator"],
  },
  generator: {
    forward: [...FAKE, "discriminator-says", "says-generator_loss"],
    backward: ["generator_loss-discriminator", "discriminator-fake", "fake-generator"],
  },
};

/**
 * The phases of a step in which the players named in `moving` move, in order: {player, pass, flowing, lit}. Along the
 * edges `flowing` something moves just then; `lit` are these and those that the player needed before.
 */
export function phasesOf(moving, loss) {
  return Object.keys(FLOWS)
    .filter((player) => moving.includes(player))
    .flatMap((player) => {
      const { forward, backward } = FLOWS[player];
      // Only the relativistic generator asks what the discriminator says of real points.
      const into = player === "generator" && loss === "relativistic" ? [...REAL, ...forward] : forward;
      return [
        { player, pass: "forward", flowing: into, lit: into },
        { player, pass: "backward", flowing: backward, lit: [...into, ...backward] },
      ];
    });
}
