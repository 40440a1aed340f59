// How long it takes from a cut to the event `resumed`: 100 cuts against a server of its own. npm run build comes before.
import { WebSocket } from "ws";
import { connect } from "../dist/index.js";
import { Network, startServer } from "../test/server.mjs";

const CUTS = 100;
const server = await startServer();
const network = await Network.to(server.port);
// Each cut is to be like the first one: the back-off does not grow from one to the next.
const client = connect(network.url, { WebSocket, stableMs: 0 });
const room = await client.join("measure");

/** One cut, and with `backOff` whatever the client itself waits before its first attempt. */
async function cut() {
  const resumed = new Promise((resolve) => {
    const off = room.on("resumed", () => resolve(off()));
  });
  const waited = new Promise((resolve) => {
    const off = client.on("retry", ({ retryInMs }) => resolve((off(), retryInMs)));
  });
  const began = performance.now();
  network.cut();
  await resumed;
  return { all: performance.now() - began, without: performance.now() - began - (await waited) };
}

const times = [];
for (let cuts = 0; cuts < CUTS; cuts++) times.push(await cut());

for (const [what, key] of [["from the cut to resumed", "all"], ["the same without the random wait", "without"]]) {
  const sorted = times.map((time) => time[key]).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(CUTS - 1, Math.floor(CUTS * share))].toFixed(1);
  console.log(`${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${sorted.at(-1).toFixed(1)} ms`);
}

await client.close();
await network.close();
await server.stop();
