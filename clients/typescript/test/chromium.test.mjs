// The scripts and modules that are shipped, in a real Chromium. Without one this fails; there is no download.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startServer } from "./server.mjs";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

function chromium() {
  for (const name of ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]) {
    for (const folder of process.env.PATH.split(":")) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
    }
  }
  throw new Error("The browser tests need Chromium on the PATH. On Debian: apt-get install chromium");
}

/** Runs in the page, with `connect`, `Line` and the address of the server. */
async function inThePage({ connect, Line, RoomcastError }, url) {
  const line = new Line();
  const client = connect(url, { WebSocket: line.WebSocket });
  const room = await client.join("chromium", { members: true });
  const other = await connect(url).join("chromium");
  const seen = [];
  const reading = (async () => {
    for await (const { data } of room) if (seen.push(data) === 3) return;
  })();
  await other.publish("one");
  await room.publish("two");
  const resumed = new Promise((resolve) => room.on("resumed", resolve));
  line.cut();
  const waiting = room.publish("three");
  line.mend();
  const { restored } = await resumed;
  await Promise.all([waiting, reading]);
  await room.update({ set: { ["__proto__"]: { polluted: true } } });
  const key = [...room.state.get("__proto__") ? ["kept"] : []];
  const errors = [];
  for (const bad of [() => connect("ftp://x"), () => client.join(""), () => room.publish(() => {})]) {
    try {
      await bad();
    } catch (error) {
      errors.push(error instanceof RoomcastError && error.code);
    }
  }
  await client.close();
  return { seen, restored, key, polluted: {}.polluted ?? "no", errors, status: client.status };
}

const EXPECTED = {
  seen: ["one", "two", "three"], restored: true, key: ["kept"], polluted: "no",
  errors: ["bad_url", "bad_room", "bad_request"], status: "closed",
};

let server;
let site;
const results = new Map();

before(async () => {
  server = await startServer();
  const url = await server.url;
  const run = (how) => `
    try { report(await (${inThePage})(${how}, "${url}")); } catch (error) { report(String(error.stack ?? error)); }
    function report(result) { fetch("/result" + location.pathname, { method: "POST", body: JSON.stringify(result) }); }`;
  const page = (script, how) => `<!doctype html><link rel=icon href="data:,">${script}<script type="module">${how}</script>`;
  const pages = {
    "/script": page(`<script src="/dist/roomcast.js"></script>`, run("roomcast")),
    "/min": page(`<script src="/dist/roomcast.min.js"></script>`, run("roomcast")),
    "/module": page("", `import * as client from "/dist/index.js"; import { Line } from "/dist/line.js"; ${run("{ ...client, Line }")}`),
  };
  site = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (data) => (body += data));
      request.on("end", () => {
        results.get(request.url.replace("/result", ""))(JSON.parse(body));
        response.end();
      });
    } else if (request.url.startsWith("/dist/")) {
      response.setHeader("Content-Type", "text/javascript");
      response.end(readFileSync(new URL(`..${request.url}`, import.meta.url)));
    } else {
      response.setHeader("Content-Type", "text/html");
      response.end(pages[request.url]);
    }
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
});

after(async () => {
  site.closeAllConnections();
  site.close();
  await server.stop();
});

for (const path of ["/script", "/min", "/module"]) {
  test(`in_chromium: ${path}`, { timeout: 60_000 }, async () => {
    const profile = mkdtempSync(join(tmpdir(), "roomcast-chromium-"));
    const result = new Promise((resolve) => results.set(path, resolve));
    const browser = spawn(chromium(), [...FLAGS, `--user-data-dir=${profile}`, `http://localhost:${site.address().port}${path}`], {
      stdio: "ignore",
      detached: true, // a group of its own, so that its children go with it
    });
    const ended = once(browser, "exit");
    try {
      assert.deepEqual(await result, EXPECTED);
    } finally {
      process.kill(-browser.pid, "SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  });
}
