// Makes dist/: bundles for import, require and <script>, and the types. Needs no network.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
rmSync("dist", { recursive: true, force: true });

const common = { bundle: true, target: "es2022", charset: "utf8", logLevel: "warning", legalComments: "none" };
const library = { ...common, entryPoints: ["src/index.ts"], sourcemap: true };
const script = {
  ...common,
  entryPoints: ["src/script.ts"],
  format: "iife",
  globalName: "roomcast",
  banner: { js: "// Made from clients/typescript/src by its npm run build: change it there." },
};

await Promise.all([
  build({ ...library, format: "esm", outfile: "dist/index.js" }),
  build({ ...library, format: "cjs", outfile: "dist/index.cjs" }),
  build({ ...script, outfile: "dist/roomcast.js" }),
  build({ ...script, banner: {}, minify: true, outfile: "dist/roomcast.min.js" }),
]);

execFileSync("node_modules/.bin/tsc", ["-p", "."], { stdio: "inherit" });
// The same types for those who require: a file of its own, because its name says which kind of module it is of.
cpSync("dist/types", "dist/types-cjs", { recursive: true });
writeFileSync("dist/types-cjs/package.json", '{ "type": "commonjs" }\n');
