// Bundles src/ into dist/ and writes dist/manifest.json: {entry: {js, css, imports}}.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const result = await build({
  entryPoints: { app: "src/app.js", viewer: "src/viewer.js", charts: "src/charts.js", lookup: "src/lookup.js" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: "es2022",
  entryNames: "[name]-[hash]",
  chunkNames: "c-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff": "empty", ".woff2": "file", ".eot": "empty", ".ttf": "empty", ".svg": "dataurl" },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const name = (path) => path.replace(/^dist\//, "");
const outputs = Object.entries(result.metafile.outputs);
const manifest = {};
for (const [path, output] of outputs) {
  if (!output.entryPoint) continue;
  const entry = output.entryPoint.replace(/^src\//, "").replace(/\.js$/, "");
  const imports = output.imports.filter((each) => each.kind === "import-statement");
  manifest[entry] = {
    js: name(path),
    css: output.cssBundle ? name(output.cssBundle) : null,
    imports: imports.map((each) => name(each.path)),
  };
}
writeFileSync("dist/manifest.json", JSON.stringify(manifest, null, 1));
writeFileSync("dist/THIRD-PARTY.txt", thirdParty(outputs));

// Name, version, licence and licence text of every package whose bytes are in the bundle.
function thirdParty(bundles) {
  const used = new Set();
  for (const [, output] of bundles) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const found = bytesInOutput > 0 && input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/);
      if (found) used.add(found[1]);
    }
  }
  return [...used].sort().map(licenceOf).join("\n" + "-".repeat(78) + "\n");
}

function licenceOf(packageName) {
  const folder = join("node_modules", packageName);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), "utf8") : "(no licence file in the package)";
  return `${packageName} ${version} (${license})\n\n${text}`;
}
