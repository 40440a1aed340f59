// Makes dist/: bundles for import, require and <script>, and the types. Needs no network.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readable } from "./readable.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });

// Properties by which the modules know each other, and nobody else: they may be shortened. None of them may be a field of
// a frame, an option, or a name of the platform; the tests run on what comes of it.
const INTERNAL = `
  abandoned apply awaited begin body check client closedBy deadline done drop emit end ended entered entry fail
  failAll failUnconfirmed flush forget frameCame isAwaited isClear isCongested isFull isOpen isOver isSessionKnown
  joins later linkEnded lost leaveWith newKey nextToken notRestored notify onEnd onRefusal onReply opened options
  page pass passOwn probe promise publishes read refused remove repeat requests sendFrame sendText settings shown start stop
  suspend take textPassed timers toMessage turn wait waiting wasSent welcome welcomedAt whenLost
`;

const common = { bundle: true, target: "es2022", charset: "utf8", logLevel: "warning", legalComments: "none" };
const small = { minify: true, mangleProps: new RegExp(`^(${INTERNAL.trim().split(/\s+/).join("|")})$`) };
const library = { ...common, ...small, entryPoints: ["src/index.ts"], sourcemap: true };
const made = "// Made from clients/typescript/src by its npm run build: change it there.\n";

await Promise.all([
  build({ ...library, format: "esm", outfile: "dist/index.js" }),
  build({ ...library, format: "cjs", outfile: "dist/index.cjs" }),
  build({ ...library, entryPoints: ["src/line.ts"], format: "esm", outfile: "dist/line.js" }),
  build({ ...library, entryPoints: ["src/line.ts"], format: "cjs", outfile: "dist/line.cjs" }),
  build({ ...common, ...small, entryPoints: ["src/script.ts"], format: "iife", outfile: "dist/roomcast.min.js" }),
]);
writeFileSync("dist/roomcast.js", made + readable("script"));

execFileSync("node_modules/.bin/tsc", ["-p", "."], { stdio: "inherit" });
// The same types for those who require: a folder of its own, because what is beside them says which kind of module it is.
cpSync("dist/types", "dist/types-cjs", { recursive: true });
writeFileSync("dist/types-cjs/package.json", '{ "type": "commonjs" }\n');
