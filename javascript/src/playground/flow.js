// The graph of the model: where data and gradients flow, with what is there just now; phase by phase where it is slow.
import { fill, h, reducedMotion } from "../common/dom.js";
import { short } from "./chart.js";
import { refine, shade, sigmoid } from "./field.js";
import { BOXES, bars, density, dots, HEIGHT, MIDDLE, SCALE, WIDTH } from "./graph.js";
import { PLAYERS, paper } from "./paper.js";
import { EDGES, phasesOf } from "./phases.js";
import { palette } from "./plane.js";

const PENALTIES = ["r1", "r2", "gradient_penalty"];
const EVERY = 3; // frames for each that is shown here, while it trains fast
const DASHES = [2.5, 4]; // how far dashes move with each of these, and after how many they are where they began
const SLOW = 600; // ms that a phase is lit in slow motion, and of a single step
const SINGLE = 1200;
const SIDE = 74; // of the landscape in the discriminator's box

/**
 * A folded graph, of which nothing is painted until it is opened. `paint(picture, curve, step)` shows a picture (see
 * `unpack`) and its curves; `settings()` shows those of now; `stepped(moving)` says that a single step of these players
 * was asked for.
 */
export function flow({ model, word }) {
  const { element: drawn, parts } = paper(word);
  const canvas = h("canvas", { class: "gt-pg-flow-landscape" });
  const [left, top, width] = BOXES.discriminator;
  canvas.style.left = `${(100 * (left + (width - SIDE) / 2)) / WIDTH}%`;
  canvas.style.top = `${(100 * (top + 26)) / HEIGHT}%`;
  canvas.style.width = `${(100 * SIDE) / WIDTH}%`;
  const graph = h("div", { class: "gt-pg-flow", role: "img" }, drawn, canvas);
  const told = PLAYERS.map((player) => h("li", { class: `gt-note gt-pg-flow-${player}` }));
  const note = h("p", { class: "gt-note" });
  const element = h(
    "details",
    { class: "gt-more" },
    h("summary", {}, word("flow")),
    // Where it is wider than its place: a tab stop, to scroll by keys.
    h("div", { class: "gt-pg-flow-place", tabIndex: 0, role: "group", "aria-label": word("flow") }, graph),
    h("ol", { class: "gt-pg-flow-words" }, ...told),
    note,
  );
  const slow = () => model.get("speed") === 0;
  const say = (name, words) => {
    parts[name].textContent = words;
  };
  let latest;
  let colours;
  let timer;
  let moving = []; // of the single step that was asked for and is not yet seen
  let last = -1;
  let turn = 0;
  let game; // the loss that the numbers are of
  let phase; // which is lit; undefined while nothing moves or all does

  /** Light what is lit: a phase of a step, all while it trains fast, else nothing. */
  function light() {
    const training = !phase && model.get("playing") && !slow() && !model.get("busy");
    const all = Object.keys(EDGES);
    const [lit, flowing] = phase ? [phase.lit, phase.flowing] : training ? [all, all] : [[], []];
    for (const name of all) {
      parts[name].classList.toggle("gt-pg-lit", lit.includes(name));
      parts[name].classList.toggle("gt-pg-flowing", flowing.includes(name));
    }
    // An animation of the style sheet would want 60 frames a second: in a fast training dashes move with what is shown.
    graph.classList.toggle("gt-pg-flow-fast", training);
    PLAYERS.forEach((player, i) => {
      parts[player].classList.toggle("gt-pg-moves", training || phase?.player === player);
      parts[player].classList.toggle("gt-pg-fixed", Boolean(phase) && phase.player !== player);
      told[i].classList.toggle("gt-pg-moves", phase?.player === player);
    });
    label(phase ? `flow_${phase.player}_${phase.pass}` : training ? "playing" : "flow_rest");
  }

  function label(name) {
    const shown = (part) => parts[part].textContent || "–";
    const numbers = {
      real: shown("says_real"),
      fake: shown("says_fake"),
      d_loss: shown("discriminator_loss_1"),
      g_loss: shown("generator_loss_1"),
    };
    graph.setAttribute("aria-label", fill(word("flow_picture"), { ...numbers, phase: word(name) }));
  }

  /** Light the phases one after the other, and then what comes after them. */
  function run([first, ...rest], pace) {
    clearTimeout(timer);
    phase = first;
    if (element.open) light();
    // In slow motion the last one is lit until the next step.
    if (first && (rest.length || pace === SINGLE)) timer = setTimeout(run, pace, rest, pace);
  }

  function settings() {
    if (!element.open) return;
    const now = model.get("settings");
    const network = (name) =>
      fill(word("flow_network"), { layers: now[`${name}_layers`], width: now[`${name}_width`] });
    const more = (name) =>
      [
        now[`${name}_steps`] > 1 && fill(word("flow_updates"), { count: now[`${name}_steps`] }),
        now.conditional && word("flow_told"),
      ].filter(Boolean);
    for (const player of PLAYERS) {
      say(`${player}_1`, network(player));
      say(`${player}_2`, more(player).join(" "));
    }
    const hidden = Array(now.generator_layers).fill(now.generator_width);
    const draw = (name, d) => parts[`${name}_path`].setAttribute("d", d);
    draw("generator", bars([now.latent_dim, ...hidden, 2], BOXES.generator, 64));
    draw("noise", density(now.noise, BOXES.noise));
    draw("data", dots((model.get("thumbnails")[now.data] ?? now.points).flat(), BOXES.data));
    say("noise_1", fill(word("flow_noise"), { kind: word(`noise_${now.noise}`), count: now.latent_dim }));
    say("data_1", word(`data_${now.data}`));
    say("real_1", fill(word("flow_points"), { n: now.n.toLocaleString("en").replaceAll(",", "\u2009") }));
    say("generator_loss_2", word(`loss_${now.loss}`));
    const penalties = PENALTIES.filter((name) => now[name]).map((name) => ` + ${word(name)}`);
    say("discriminator_loss_2", word(`loss_${now.loss}`) + penalties.join(""));
    explain(now);
  }

  /** What the players do, in words. */
  function explain(now) {
    told.forEach((item, i) => {
      const shared = PLAYERS[i] === "generator" && now.loss === "relativistic" ? "_relativistic" : "";
      item.textContent = word(`flow_${PLAYERS[i]}${shared}`);
    });
    const once = now.generator_steps === 1 && now.discriminator_steps === 1;
    note.textContent = word(once ? "flow_at_once" : "flow_several");
  }

  function contents() {
    const { picture, curve } = latest;
    const newest = (name) => short(curve(name).at(-1));
    parts.fake_path.setAttribute("d", dots(picture.fake.data, BOXES.fake));
    parts.real_path.setAttribute("d", dots(picture.real.data, BOXES.real));
    for (const name of ["real", "fake"]) {
      say(`says_${name}`, newest(`${name}_logit`));
      const d = sigmoid([curve(`${name}_logit`).at(-1) ?? 0])[0];
      parts[`mark_${name}`].setAttribute("cx", MIDDLE + SCALE * (d - 0.5));
    }
    const played = game === model.get("settings").loss;
    for (const player of PLAYERS) say(`${player}_loss_1`, played ? newest(`${player}_loss`) : "–");
    say("push", `${word("gradient")} ${newest("gradient")}`);
    colours ??= palette(graph, "generated", "paper", "real");
    const n = picture.landscape.shape[0];
    const values = refine(sigmoid(picture.landscape.data), n, n);
    canvas.width = canvas.height = n;
    const pixels = shade(values, colours.generated, colours.paper, colours.real);
    canvas.getContext("2d").putImageData(new ImageData(pixels, n), 0, 0);
  }

  function show() {
    if (!element.open) return;
    if (latest) contents();
    light();
    const [by, round] = DASHES;
    if (!reducedMotion())
      graph.style.setProperty("--gt-flow-shift", `${-by * (Math.floor(turn / EVERY) % round)}px`);
  }
  element.addEventListener("toggle", () => {
    settings();
    show();
  });

  return {
    element,
    settings,
    stop: () => clearTimeout(timer),
    stepped(players) {
      moving = players;
    },
    paint(picture, curve, step) {
      latest = { picture, curve };
      const [playing, { loss }] = [model.get("playing"), model.get("settings")];
      const fast = playing && !slow();
      if (step !== last) game = loss;
      turn += 1;
      if (!fast || turn % EVERY === 0) show();
      if (step > last && !fast) {
        if (playing) run(phasesOf(PLAYERS, loss), SLOW);
        else if (moving.length) run(phasesOf(moving, loss), SINGLE);
        moving = [];
      }
      last = step;
    },
    /** It began to play, or paused, or plays at another speed. */
    played: () => run([]),
    repaint() {
      colours = undefined;
      show();
    },
  };
}
