// Bundles each widget into one file of the Python package: anywidget loads a single module. The site's script goes to docs.
// `node build.mjs --check` writes nothing and fails if a built file is not what its source gives.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = "../gan_tutorial/widgets/static/";
const check = process.argv.includes("--check");

const shared = { bundle: true, minify: true, target: "es2022", charset: "utf8", write: false };
const bundles = [
  {
    entryPoints: ["explorer", "playground", "monitor", "bench", "real_or_fake", "question", "quiz"].map(
      (name) => here(`src/${name}.js`),
    ),
    format: "esm",
  },
  { entryPoints: ["page", "static"].map((name) => here(`src/${name}.js`)), format: "iife" },
  { entryPoints: [here("src/style.css")] },
  { entryPoints: [here("src/site.js")], format: "iife", outdir: here("../docs/_static/") },
];

let stale = 0;
for (const options of bundles) {
  const { outputFiles } = await build({ outdir: here(target), ...shared, ...options });
  for (const { path, text } of outputFiles) {
    const built = await readFile(path, "utf8").catch(() => "");
    if (built === text) continue;
    if (check) {
      stale += 1;
      console.error(`${path} is not what its source gives: run npm run build`);
    } else {
      await writeFile(path, text);
      console.log(path, text.length);
    }
  }
}
process.exit(stale ? 1 : 0);
