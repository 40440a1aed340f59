// What `./roomcast types` makes for TypeScript: that it compiles, what it lets through and what not, and that it fits a server.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ROOMCAST } from "./server.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));
const repository = join(here, "../..");
const schemas = join(repository, "roomcast-types/src/test/resources/io/roomcast/types");
let project;

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: project, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], timeout: 120_000, ...options });
}

/** Checks these files, and makes JavaScript of them. */
function compile(...files) {
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({
    compilerOptions: {
      module: "NodeNext", target: "ES2022", lib: ["ES2022", "DOM", "ESNext.Disposable"], types: [], strict: true, skipLibCheck: false,
      exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true,
      verbatimModuleSyntax: true,
    },
    files,
  }));
  try {
    run(join(here, "node_modules/.bin/tsc"), ["-p", "."]);
  } catch (error) {
    assert.fail(error.stdout);
  }
}

before(() => {
  project = mkdtempSync(join(tmpdir(), "roomcast-types-"));
  mkdirSync(join(project, "node_modules/@roomcast"), { recursive: true });
  symlinkSync(here, join(project, "node_modules/@roomcast/client"));
  symlinkSync(join(here, "node_modules/ws"), join(project, "node_modules/ws"));
  writeFileSync(join(project, "package.json"), '{ "name": "typed", "private": true, "type": "module" }');
  for (const name of ["everything", "hostile"]) {
    run(ROOMCAST, ["types", join(schemas, `${name}.schema.json`), "--typescript", `${name}.ts`]);
  }
});

after(() => rmSync(project, { recursive: true, force: true }));

test("types_let_through_what_the_server_takes_and_nothing_else", () => {
  writeFileSync(join(project, "sample.ts"), SAMPLE);
  compile("sample.ts");
});

test("names_and_texts_that_would_be_code_are_none", () => {
  writeFileSync(join(project, "sample.ts"), HOSTILE);
  compile("sample.ts", "hostile.ts");
  assert.deepEqual(readFileSync(join(project, "hostile.js"), "utf8").replace(/^\/\/.*$/gm, "").trim(), "export {};");
});

test("any_word_of_the_language_can_be_a_name", () => {
  const record = { type: "object", properties: {}, required: [], additionalProperties: false };
  const properties = Object.fromEntries(WORDS.map((word) => [word, { $ref: `#/$defs/${word}` }]));
  const words = { ...record, properties: Object.fromEntries(WORDS.map((word) => [word, { type: "string" }])) };
  const schema = {
    ...record,
    properties: { state: { type: "object", properties, additionalProperties: false } },
    $defs: Object.fromEntries(WORDS.map((word) => [word, words])),
  };
  const text = run(ROOMCAST, ["types", "-", "--typescript", "-"], { input: JSON.stringify(schema) });
  writeFileSync(join(project, "words.ts"), text);
  compile("words.ts");
});

test("what_docs_room_types_md_shows_compiles_and_works_with_its_server", async () => {
  const server = spawn("bash", [join(repository, "scripts/board-server.bash")], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit");
  try {
    const [line] = await Promise.race([once(server.stdout, "data"), ended.then(() => assert.fail("it ended"))]);
    const schema = String(line).trim();
    run(ROOMCAST, ["types", schema, "--typescript", "board.ts"]);
    const document = readFileSync(join(repository, "docs/room-types.md"), "utf8");
    const example = /^```ts\n([^]*?)^```$/m.exec(document)[1];
    writeFileSync(join(project, "main.ts"), example.replace("localhost:8080", new URL(schema).host));
    compile("main.ts");
    // Before Node 22 a WebSocket has to be brought along; to its types that is nothing.
    const global = 'import { WebSocket } from "ws";\nglobalThis.WebSocket = WebSocket;\n';
    writeFileSync(join(project, "global.js"), global);
    assert.equal(run(process.execPath, ["--import", "./global.js", "main.js"]), "Hello\nYELLOW 1\n");
    run(ROOMCAST, ["types", schema, "--typescript", "board.ts", "--check"]);
  } finally {
    server.kill();
    await ended;
  }
});

const WORDS = `
  abstract accessor any arguments as asserts assert async await bigint boolean break case catch class const constructor continue
  debugger declare default delete do else enum eval export extends false finally for from function get global globalThis if
  implements import in infer instanceof interface intrinsic is keyof let module namespace never new null number object of out
  override package private protected public readonly require return satisfies set static string super switch symbol this throw
  true try type typeof undefined unique unknown using var void while with yield Array Object String Number Boolean Function
  Promise Partial Readonly Record Pick Exclude Symbol Error __proto__ prototype toString valueOf hasOwnProperty defer
`.trim().split(/\s+/);

const SAMPLE = `
import { connect, type Message } from "@roomcast/client";
import type { AllEvents, AllMember, AllState, Color, Empty, Figure, Gaps, Many, Plain, Tree } from "./everything.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_ extends true>(): void {}
function impossible(_: never): void {}

const room = await connect("ws://a").join<AllEvents, AllState, AllMember>("all:1", { member: { radius: 1 } });

// Messages: the event says what the data is.
room.on("message", (message: Message<AllEvents>) => {
  switch (message.event) {
    case undefined: is<Same<typeof message.data, number>>(); break;
    case "color": is<Same<typeof message.data, "RED" | "GREEN">>(); break;
    case "tree": message.data.children[0]?.next?.children.length; break;
    case "figure": area(message.data); break;
    case "many": is<Same<typeof message.data.holes, (string | null)[]>>(); break;
  }
});

function area(figure: Figure): number {
  switch (figure.type) {
    case "circle": return figure.radius ** 2 * Math.PI;
    case "square": return figure.side ** 2 - (figure.inside ? area(figure.inside) : 0);
    case "hull": return Math.max(...figure.of.map(area));
    default: impossible(figure); return 0;
  }
}

const tree: Tree = { name: "a", children: [{ name: "b", children: [] }], next: null };
const gaps: Gaps[] = [{}, { optional: null, nullable: "RED", any: [1] }];
const many: Many = { list: [1], set: ["a"], map: { a: "GREEN" }, holes: [null, "a"] };
const plain: Plain = { text: "a", flag: true, box: false, color: "RED", any: { b: null } };
const empty: Empty = {};
await room.publish(tree, { event: "tree" });
await room.publish({ type: "square", side: 1, inside: { type: "circle", radius: 1 } }, { event: "figure" });
await room.publish("GREEN", { event: "color" });
await room.publish({ whatever: [gaps, many, plain] }, { event: "x.1" });
await room.publish(empty, { event: "empty" });
await room.publish(1);

// @ts-expect-error an event that there is not
await room.publish(tree, { event: "trees" });
// @ts-expect-error data of another event
await room.publish(tree, { event: "circle" });
// @ts-expect-error a field too few
await room.publish({ name: "a" }, { event: "tree" });
// @ts-expect-error a field too many
await room.publish({ radius: 1, colour: "RED" }, { event: "circle" });
// @ts-expect-error no constant of the enum
await room.publish("BLUE", { event: "color" });
// @ts-expect-error no record of the union
await room.publish({ type: "line", side: 1 }, { event: "figure" });
// @ts-expect-error the fields of another record of the union
await room.publish({ type: "circle", side: 1 }, { event: "figure" });
// @ts-expect-error null where nothing is optional
await room.publish({ radius: null }, { event: "circle" });
// @ts-expect-error something in what is empty
await room.publish({ a: 1 }, { event: "empty" });
// @ts-expect-error the data of messages without an event
await room.publish("a");
// @ts-expect-error members are circles
await connect("ws://a").join<AllEvents, AllState, AllMember>("all:1", { member: { side: 1 } });

// The state: each key has its value.
await room.update({ set: { title: "a", "n:first": {}, "n:a": true, "n:a:b": 1, "(?x": "RED" }, add: { score: 1 }, delete: ["lives"] });
is<Same<ReturnType<typeof title>, string | undefined>>();
function title() { return room.state.get("title"); }
const color: Color | undefined = room.state.get("(?x");
const exact: number | undefined = room.state.get("n:a:b");
const either: boolean | number | Empty | undefined = room.state.get("n:a");
room.state.subscribe("score", (score) => (score ?? 0) + 1);
console.log(color, exact, either);

// @ts-expect-error a key that there is not
room.state.get("titel");
// @ts-expect-error a value of another key
await room.update({ set: { title: 1 } });
// @ts-expect-error a value of another pattern
await room.update({ set: { "(?x": "BLUE" } });
// @ts-expect-error text is under no such key
await room.update({ set: { "n:a": "text" } });
// @ts-expect-error what can be anything has to be looked at first
room.on("message", ({ event, data }) => event === "plain" && data.any.b);
`;

const HOSTILE = `
import { connect } from "@roomcast/client";
import type { Evil, Fields, Figure, Limits, XHostileEvents, XHostileMember, XHostileState } from "./hostile.js";

const room = await connect("ws://a").join<XHostileEvents, XHostileState, XHostileMember>("hostile:", { member: null });
const evil: Evil[] = ["*/ alert(1) /*", "\\"\\"\\"; import os; os.abort(); \\"\\"\\"", "\`\${alert(1)}\`", "line\\nbreak\\r\\nand\\u2028more\\u2029end", "\\0nul\\x07bell"];
const figure: Figure = { type: "*/", inside: { type: "\\\\" } };
await room.publish(evil[0]!, { event: "*/" });
await room.publish(figure, { event: "figure" });
await room.publish([{ one: "*/", many: ["\`\${x}\`"], null: null }]);
await room.update({ set: { ["__proto__"]: "a", constructor: 1, "\`\${x}\`": true, "\`\${y}": "a", "": "a", "\\n": "b" } });
const fields: Pick<Fields, "constructor" | "\`" | "\${x}" | "*/" | ""> = { constructor: "a", "\`": "a", "\${x}": "b", "*/": "c", "": "d" };
const limits: Limits = { name: "a", deep: [[null, { a: [1, null] }]], map: { __proto__: null } };
console.log(fields, limits);

// @ts-expect-error no constant of the enum
const wrong: Evil = "alert(1)";
// @ts-expect-error no key of this kind
await room.update({ set: { constructor: "a" } });
console.log(wrong);
`;
