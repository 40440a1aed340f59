import assert from "node:assert/strict";
import { test } from "node:test";
import { Network, startServer } from "../../clients/typescript/test/server.mjs";
import { Browser, endAll, startExample } from "./world.mjs";

test("chat: two talk, one is cut off, nothing is lost or doubled, and who closes the tab is gone", { timeout: 90_000 }, async () => {
  const server = await startServer();
  const network = await Network.to(server.port);
  const example = await startExample("chat", "--server", network.url);
  const browser = await Browser.start();
  try {
    const ada = await comeIn(await browser.open(example.url), "Ada");
    await say(ada, "I was first");
    const grace = await comeIn(await browser.open(example.url), "Grace");
    await shows(grace, ["AdaI was first"]);
    await say(grace, "Hello Ada");
    await shows(ada, ["I was first", "GraceHello Ada"]);
    await isThere(ada, ["Ada (you)", "Grace"]);
    await isThere(grace, ["Ada", "Grace (you)"]);

    network.isStalled = true;
    network.cut();
    await ada.waitForFunction(() => document.querySelector("[role=status]").textContent.startsWith("Connecting again"));
    await say(ada, "Written without a connection");
    await say(ada, "And another");
    await ada.waitForFunction(() => document.querySelectorAll(".sending").length === 2);
    network.isStalled = false;
    network.cut();
    await shows(grace, ["AdaI was first", "Hello Ada", "AdaWritten without a connection", "AdaAnd another"]);
    await shows(ada, ["I was first", "GraceHello Ada", "Written without a connection", "And another"]);
    await isThere(grace, ["Ada", "Grace (you)"]); // the same member: nobody saw it go

    const began = performance.now();
    await ada.close({ runBeforeUnload: true });
    await isThere(grace, ["Grace (you)"]);
    assert.ok(performance.now() - began < 10_000, "sooner than after the grace of 15 s");
  } finally {
    await endAll(() => browser.close(), () => example.interrupt(), () => network.close(), () => server.stop());
  }
});

async function comeIn(page, name) {
  await page.getByLabel("Your name").fill(name);
  await page.keyboard.press("Enter");
  await page.locator("button:enabled", { hasText: "Send" }).waitFor();
  return page;
}

async function say(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
}

const shows = (page, texts) => holds(page, "ol li", texts);
const isThere = (page, names) => holds(page, ".chips li", names);

async function holds(page, selector, texts) {
  const condition = ([selector, texts]) => [...document.querySelectorAll(selector)].map((item) => item.innerText).join("|").replaceAll("\n", "") === texts;
  await page.waitForFunction(condition, [selector, texts.join("|")]).catch(async (error) => {
    assert.deepEqual(await page.locator(selector).allInnerTexts(), texts, error.message);
  });
}
