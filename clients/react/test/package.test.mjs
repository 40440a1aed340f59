// What npm packs of both, used by a fresh little project: the README's component, with its types, and by import and require.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
let project;

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 60_000, ...options });
}

before(() => {
  project = mkdtempSync(join(tmpdir(), "roomcast-react-"));
  writeFileSync(join(project, "package.json"), '{ "name": "fresh", "private": true }');
  for (const cwd of [join(here, "../typescript"), here]) run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", project], { cwd });
  const packages = ["./roomcast-client-0.1.0.tgz", "./roomcast-react-0.1.0.tgz"];
  run("npm", ["install", "--silent", "--offline", "--ignore-scripts", "--no-save", "--legacy-peer-deps", ...packages]);
  mkdirSync(join(project, "node_modules/@types"), { recursive: true });
  for (const name of ["react", "@types/react", "csstype"]) symlinkSync(join(here, "node_modules", name), join(project, "node_modules", name));
});

after(() => rmSync(project, { recursive: true, force: true }));

test("the_README_s_component_has_types_for_import_and_require_alike", () => {
  const component = /```jsx\n([^]*?)```/.exec(readFileSync(join(here, "README.md"), "utf8"))[1];
  writeFileSync(join(project, "lobby.tsx"), component);
  writeFileSync(join(project, "typed.mts"), TYPED);
  writeFileSync(join(project, "typed.cts"), TYPED);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({
    compilerOptions: {
      module: "NodeNext", target: "ES2022", lib: ["ES2022", "DOM", "ESNext.Disposable"], types: [], strict: true, noEmit: true, jsx: "react-jsx",
      exactOptionalPropertyTypes: true, skipLibCheck: false,
    },
    include: ["*.tsx", "*.mts", "*.cts"],
  }));
  try {
    run(join(here, "node_modules/.bin/tsc"), ["-p", "."]);
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test("it_can_be_imported_and_required_and_shares_the_client_s_errors", () => {
  const names = '["useMembers","useRoom","useRoomState"]\n';
  const show = "console.log(JSON.stringify(Object.keys(react).sort()))";
  assert.equal(run(process.execPath, ["--input-type=module", "-e", `import * as react from "@roomcast/react"; ${show}`]), names);
  assert.equal(run(process.execPath, ["-e", `const react = require("@roomcast/react"); ${show}`]), names);
  assert.doesNotMatch(readFileSync(join(project, "node_modules/@roomcast/react/dist/index.js"), "utf8"), /extends Error/);
});

const TYPED = `
import { connect } from "@roomcast/client";
import { useMembers, useRoom, useRoomState } from "@roomcast/react";

interface Events {
  message: { text: string };
}
interface State {
  title: string;
  hits: number;
}
interface About {
  name: string;
}
const client = connect("ws://a/ws");

export function useLobby(): string | undefined {
  const { room } = useRoom<Events, State, About>(client, "lobby", { members: true, member: { name: "Ada" } });
  const names: (string | undefined)[] = useMembers(room).map(({ member }) => member?.name);
  const [title, setTitle, { isPending, update }] = useRoomState(room, "title");
  const [state] = useRoomState(room);
  setTitle((before) => before + "!");
  update({ add: { hits: 1 } });
  // @ts-expect-error a title is a text
  setTitle(5);
  // @ts-expect-error there is no such key
  useRoomState(room, "nothing");
  // @ts-expect-error nor does a title hold a number
  update({ add: { title: 1 } });
  return isPending ? names[0] : title ?? String(state.get("hits"));
}
`;
