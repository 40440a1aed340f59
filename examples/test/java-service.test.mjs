import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "@roomcast/client";
import { WebSocket } from "ws";
import { Browser, endAll, startExample } from "./world.mjs";

test("java-service: a customer follows the order, others only the count, and nobody else gets in or speaks", { timeout: 90_000 }, async () => {
  const example = await startExample("java-service");
  const browser = await Browser.start();
  const page = await (await fetch(example.url)).text();
  const client = connect(/"(ws:[^"]*)"/.exec(page)[1], { WebSocket });
  try {
    const [ann, bob] = [await browser.open(example.url), await browser.open(example.url)];
    await ann.getByRole("button").click();
    await ann.waitForFunction(() => steps.textContent === "Received\nIn the oven\nIn the box\nOn its way\n");
    for (const tab of [ann, bob]) await tab.waitForFunction(() => pizzas.textContent === "1");
    assert.equal(await bob.locator("#steps").textContent(), "");
    await bob.getByRole("button").click();
    for (const tab of [ann, bob]) await tab.waitForFunction(() => pizzas.textContent === "2");

    await assert.rejects(client.join("order:guessed"), { code: "not_allowed" });
    const kitchen = await client.join("kitchen");
    await assert.rejects(kitchen.publish("Free pizza"), { code: "not_allowed" });
    await assert.rejects(kitchen.update({ add: { pizzas: 1000 } }), { code: "not_allowed" });
    assert.equal(kitchen.state.get("pizzas"), 2);
  } finally {
    await endAll(() => client.close(), () => browser.close(), () => example.interrupt());
  }
});
