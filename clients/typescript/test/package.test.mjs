// What npm packs, used by a fresh little project: import, require, types, and what the README says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "./server.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));
let project;
let server;
let url;

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 60_000, ...options });
}

/** The first block of the README in that language. */
function example(language) {
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readFileSync(join(here, "README.md"), "utf8"))[1];
}

before(async () => {
  project = mkdtempSync(join(tmpdir(), "roomcast-package-"));
  writeFileSync(join(project, "package.json"), '{ "name": "fresh", "private": true }');
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", project], { cwd: here });
  run("npm", ["install", "--silent", "--offline", "--ignore-scripts", "--no-save", "./roomcast-client-0.1.0.tgz"]);
  symlinkSync(join(here, "node_modules/ws"), join(project, "node_modules/ws"));
  server = await startServer();
  url = await server.url;
});

after(async () => {
  rmSync(project, { recursive: true, force: true });
  await server.stop();
});

test("it_has_no_dependencies_and_nothing_that_does_not_belong", () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(project, "node_modules/@roomcast/client/package.json"), "utf8"));
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined]);
  assert.doesNotMatch(run("find", ["node_modules/@roomcast/client", "-type", "f"]), /test|node_modules\/.*node_modules|tsconfig/);
});

test("the_README_s_first_minute_works", () => {
  writeFileSync(join(project, "minute.mjs"), example("js").replace("ws://localhost:8080/ws", url));
  const said = run(process.execPath, ["--trace-warnings", "minute.mjs"]);
  assert.deepEqual(said.trim().split("\n"), ["me: Hello", "topic: undefined", "topic: Tea", "1 here, one of them Ada"]);
});

test("it_can_be_required", () => {
  const script = `
    const { connect, RoomcastError } = require("@roomcast/client");
    const { Line } = require("@roomcast/client/line");
    const { WebSocket } = require("ws");
    (async () => {
      const client = connect("${url}", { WebSocket: new Line(WebSocket).WebSocket });
      const room = await client.join("required");
      console.log(await room.publish(1));
      await client.close();
      console.log(await room.publish(1).catch((error) => error instanceof RoomcastError && error.code));
    })();`;
  assert.equal(run(process.execPath, ["-e", script]), "1\nclosed\n");
});

test("its_types_are_checked_for_import_and_require_alike", () => {
  const typed = example("ts");
  writeFileSync(join(project, "typed.mts"), `${typed}\n${WRONG}`);
  writeFileSync(join(project, "typed.cts"), `
    import { connect, type Room } from "@roomcast/client";
    async function main(): Promise<Room> {
      const room = await connect(new URL("ws://a")).join("any");
      room.publish({ anything: 1 });
      room.publish({ anything: 1 }, { event: "any" });
      room.on("message", ({ data, event }) => data.anything + event);
      const key: string = [...room.state][0]![0];
      return room.update({ set: { [key]: 1 } }).then(() => room);
    }
    main();`);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({
    compilerOptions: {
      module: "NodeNext", target: "ES2022", lib: ["ES2022", "DOM", "ESNext.Disposable"], types: [], strict: true, noEmit: true,
      exactOptionalPropertyTypes: true, skipLibCheck: false,
    },
    include: ["*.mts", "*.cts"],
  }));
  try {
    run(join(here, "node_modules/.bin/tsc"), ["-p", "."]);
  } catch (error) {
    assert.fail(error.stdout);
  }
});

const WRONG = `
// @ts-expect-error there is no such event
await room.publish({ text: "x" }, { event: "nothing" });
// @ts-expect-error data of the wrong kind
await room.publish({ text: 1 });
// @ts-expect-error a key of the state with a value of the wrong kind
await room.update({ set: { hits: "x" } });
// @ts-expect-error a key of the state that holds no number
await room.update({ add: { title: 1 } });
// @ts-expect-error nor do these
await room.update({ add: { "note.1": 1 } });
// @ts-expect-error there is no such key
room.state.get("nothing");
// @ts-expect-error the map is read-only
room.members?.set("m1", { id: "m1" });
// @ts-expect-error what the modules share is nobody else's
room.requests;
await room.publish(null, { event: "typing" });
const silent = await client.join<{ typing: null }>("silent");
// @ts-expect-error it has no messages without an event
await silent.publish({ text: "x" });
await room.update({ set: { "note.1": { text: "Milk" } }, delete: ["title"] }, { if: { "note.1": 0 } });
room.state.subscribe("hits", (hits, change) => (hits ?? 0) + (change?.value ?? 0));
const history: { more: boolean } = await room.history({ after: 1, limit: 2 });
`;
