import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "@roomcast/client";
import { WebSocket } from "ws";
import { Network } from "../../clients/typescript/test/server.mjs";
import { Browser, endAll, Program, startExample } from "./world.mjs";

test("dashboard: numbers move in both tabs, and add up exactly although connections of the tills are cut", { timeout: 90_000 }, async () => {
  const example = await startExample("dashboard");
  const browser = await Browser.start();
  const network = await Network.to(Number(new URL(example.server).port));
  network.delayMs = 200;
  const client = connect(example.server, { WebSocket });
  const names = ["East", "West", "Middle"];
  const tills = [];
  try {
    const pages = [await browser.open(example.url), await browser.open(example.url)];
    for (const page of pages) await page.waitForFunction(() => Number(document.getElementById("sales").textContent) > 3);

    const room = await client.join("shop");
    tills.push(...names.map((name) => new Program("target/venv/bin/python", "dashboard/till.py", network.url, name, "8")));
    for (const name of names) {
      await sells(room, name); // it counts, and the reply is still on its way: it will have to ask again
      network.cut();
    }
    const codes = await Promise.all(tills.map((till) => till.ended()));
    assert.deepEqual(codes, [0, 0, 0], tills.map(({ said }) => said).join());

    for (const name of names) assert.equal(room.state.get(`till.${name}`), 8);
    const ofTills = [...room.state].reduce((sum, [key, count]) => (key.startsWith("till.") ? sum + count : sum), 0);
    assert.equal(room.state.get("sales"), ofTills);
    for (const page of pages) {
      await page.waitForFunction((least) => Number(document.getElementById("sales").textContent) >= least, ofTills);
      const { sales, tills, turnover } = await page.evaluate(() =>
        Object.fromEntries(["sales", "tills", "turnover"].map((id) => [id, document.getElementById(id).textContent])),
      );
      assert.equal(Number(sales), [...tills.matchAll(/: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0), tills);
      assert.match(turnover, /^€[\d,]+\.\d\d$/);
    }
  } finally {
    await endAll(() => client.close(), () => browser.close(), ...tills.map((till) => () => till.interrupt()), () => network.close(), () => example.interrupt());
  }
});

function sells(room, name) {
  const before = room.state.get(`till.${name}`) ?? 0;
  return new Promise((resolve) => {
    const off = room.state.subscribe(`till.${name}`, (count = 0) => count > before && resolve(queueMicrotask(() => off())));
  });
}
