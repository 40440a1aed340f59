// Makes dist/: bundles for import and require, and the types. Needs @roomcast/client to be built, for its types.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });

const common = { bundle: true, packages: "external", target: "es2022", entryPoints: ["src/index.ts"], sourcemap: true, logLevel: "warning" };
await Promise.all([
  build({ ...common, format: "esm", outfile: "dist/index.js" }),
  build({ ...common, format: "cjs", outfile: "dist/index.cjs" }),
]);
execFileSync("node_modules/.bin/tsc", ["-p", "."], { stdio: "inherit" });
cpSync("dist/types", "dist/types-cjs", { recursive: true });
writeFileSync("dist/types-cjs/package.json", '{ "type": "commonjs" }\n');
