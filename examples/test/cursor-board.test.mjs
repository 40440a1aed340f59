import assert from "node:assert/strict";
import { test } from "node:test";
import { Network } from "../../clients/typescript/test/server.mjs";
import { Browser, endAll, startExample } from "./world.mjs";

test("cursor-board: a cursor follows its mouse, who comes later sees it, and it goes when its owner drops", { timeout: 90_000 }, async () => {
  const example = await startExample("cursor-board");
  const network = await Network.to(Number(new URL(example.server).port));
  const farAway = await startExample("cursor-board", "--server", network.url);
  const browser = await Browser.start();
  try {
    const ann = await browser.open(farAway.url);
    const bob = await browser.open(example.url);
    await areHere(ann, 2);
    await areHere(bob, 2);
    await moveTo(ann, 0.25, 0.75);
    await showsCursor(bob, 0.25, 0.75);
    await moveTo(ann, 0.5, 0.125);
    await showsCursor(bob, 0.5, 0.125);
    assert.equal(await ann.locator("#board > *").count(), 0, "nobody sees its own");

    const eve = await browser.open(example.url);
    await showsCursor(eve, 0.5, 0.125);

    const began = performance.now();
    network.isStalled = true; // without a goodbye, and without a way back
    network.cut();
    for (const page of [bob, eve]) {
      await page.waitForFunction(() => document.querySelectorAll("#board > *").length === 0);
      await areHere(page, 2);
    }
    assert.ok(performance.now() - began < 10_000, "at once, and not after the grace of 15 s");
  } finally {
    await endAll(() => browser.close(), () => farAway.interrupt(), () => network.close(), () => example.interrupt());
  }
});

const areHere = (page, count) => page.waitForFunction((count) => document.querySelectorAll("#people li").length === count, count);

/** A mouse that tells of a hundred places on its way. */
async function moveTo(page, x, y) {
  const board = await page.locator("#board").boundingBox();
  await page.mouse.move(board.x + board.width * x, board.y + board.height * y, { steps: 100 });
}

async function showsCursor(page, x, y) {
  const isThere = ([x, y]) => {
    const [cursor, ...more] = document.querySelectorAll("#board > *");
    const isAt = (text, share) => Math.abs(parseFloat(text) / 100 - share) < 0.01;
    return more.length === 0 && cursor && isAt(cursor.style.left, x) && isAt(cursor.style.top, y);
  };
  await page.waitForFunction(isThere, [x, y]);
}
