// The script as people read it: the modules one behind the other, each behind those that it needs, without types and with
// every comment. A bundler would give the same program, and lose the comments of classes and functions.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const IMPORT = /^import \{ (.*) \} from "\.\/(.*)\.js";\n/gm;
const OPENING_COMMENT = /^\/\*\*[^]*?\*\/\n/;
const TOP_LEVEL_NAME = /^(?:async )?(?:class|function\*?|const|let) (\w+)/gm;

/** The text of src/NAME.ts and all that it imports; its own opening comment comes first. */
export function readable(name) {
  const folder = mkdtempSync(join(tmpdir(), "roomcast-readable-"));
  try {
    const plain = ["--emitDeclarationOnly", "false", "--declaration", "false", "--outDir", folder];
    execFileSync("node_modules/.bin/tsc", ["-p", ".", ...plain], { stdio: "inherit" });
    const modules = inOrder(name, (module) => readFileSync(join(folder, `${module}.js`), "utf8"));
    const opening = OPENING_COMMENT.exec(modules.get(name))?.[0] ?? "";
    const parts = [...modules].map(([module, code]) => `// ---- ${module} ----\n\n${body(code.replace(opening, ""))}`);
    refuseSameNames(parts.join("\n"));
    return `${opening}(() => {\n  "use strict";\n\n${indented(parts.join("\n\n"))}\n})();\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Modules by name, as they have to run. */
function inOrder(name, read, modules = new Map(), seen = new Set()) {
  if (seen.has(name)) return modules;
  seen.add(name);
  const code = read(name);
  for (const [, names, needed] of code.matchAll(IMPORT)) {
    if (names.includes(" as ")) throw new Error(`${name}: in one script a name has to be the same everywhere: ${names}`);
    inOrder(needed, read, modules, seen);
  }
  return modules.set(name, code);
}

/** What stands in a module, as it stands in a script. */
function body(code) {
  return airy(code.replace(IMPORT, "").replace(/^export /gm, "").replace(/\}\n *(catch|else|finally)\b/g, "} $1").trim());
}

/** The empty lines in front of classes, functions and methods: tsc leaves none. */
function airy(code) {
  const lines = [];
  let comment = []; // belongs to the line behind it
  let isInClass = false;
  for (const line of code.split("\n")) {
    if (/^( {4})?(\/\*\*| \*)/.test(line)) {
      comment.push(line);
      continue;
    }
    const isMember = isInClass && /^ {4}\S.*\{$/.test(line);
    const isTopLevel = /^[a-zA-Z].*\{$/.test(line) || (/^[a-zA-Z]/.test(line) && lines.at(-1) === "}");
    if ((isMember || isTopLevel) && lines.length > 0 && !/\{$/.test(lines.at(-1))) lines.push("");
    lines.push(...comment, line);
    comment = [];
    if (/^class .*\{$/.test(line)) isInClass = true;
    else if (line === "}") isInClass = false;
  }
  return [...lines, ...comment].join("\n");
}

function refuseSameNames(code) {
  const names = [...code.matchAll(TOP_LEVEL_NAME)].map(([, name]) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) throw new Error(`Two modules have the name ${twice}, and in one script it can be only one.`);
}

/** Two columns a level, one level in. */
function indented(code) {
  return code.replace(/^( *)(?=\S)/gm, (_, { length }) => " ".repeat(2 + Math.ceil(length / 4) * 2 + (length % 4 === 1 ? -1 : 0)));
}
