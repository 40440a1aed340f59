import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { HERE, Program } from "./world.mjs";

const MOST_LINES = 100;
const NOT_EXAMPLES = ["node_modules", "target", "test"];
const names = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_EXAMPLES.includes(entry.name))
  .map(({ name }) => name);

test("examples: each has at most 100 lines, all its files together", () => {
  assert.ok(names.length >= 6);
  for (const name of names) {
    const files = readdirSync(join(HERE, name)).filter((file) => file !== "__pycache__");
    const lines = files.map((file) => readFileSync(join(HERE, name, file), "utf8").trimEnd().split("\n").length);
    const sum = lines.reduce((a, b) => a + b);
    assert.ok(sum <= MOST_LINES, `${name} has ${sum} lines: ${files.map((file, i) => `${file} ${lines[i]}`)}`);
  }
});

test("examples: README and the command know all of them", async () => {
  const rows = [...readFileSync(join(HERE, "README.md"), "utf8").matchAll(/^\| \[(.+)\]\(\1\) \| .+\. \| `examples\/run \1` \|$/gm)];
  assert.deepEqual(rows.map(([, name]) => name).sort(), [...names].sort());
  const help = new Program("./run", "--help");
  assert.equal(await help.ended(), 0);
  assert.deepEqual([...help.said.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name]) => name).filter((name) => !name.startsWith("-")).sort(), [...names].sort());
});

test("examples: a wrong name or flag is told, and nothing starts", async () => {
  for (const [flags, word] of [[["chess"], /no example 'chess'/], [["chat", "--prot", "1"], /Unknown: --prot/]]) {
    const run = new Program("./run", ...flags);
    assert.equal(await run.ended(), 2);
    assert.match(run.said, word);
  }
});

test("examples: a port that is in use is told, with the way out", async () => {
  const other = createServer().listen(0, "localhost");
  await once(other, "listening");
  const run = new Program("./run", "chat", "--port", `${other.address().port}`, "--server", "ws://localhost:1/ws");
  assert.equal(await run.ended(), 1);
  assert.match(run.said, /EADDRINUSE[^]*examples\/run chat --port 3001/);
  other.close();
});
