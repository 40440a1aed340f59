import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "@roomcast/client";
import { WebSocket } from "ws";
import { Network } from "../../clients/typescript/test/server.mjs";
import { Browser, endAll, startExample } from "./world.mjs";

const CORNER = { x: 2, y: 2 }; // no star comes there by itself
const AWAY = { x: 2, y: 88 };

test("game: ships move for both, one of two gets a star, and the ship of a player who drops goes", { timeout: 90_000 }, async () => {
  const example = await startExample("game");
  const network = await Network.to(Number(new URL(example.server).port));
  const farAway = await startExample("game", "--server", network.url);
  const browser = await Browser.start();
  const client = connect(example.server, { WebSocket });
  try {
    const [ann, bob] = [await browser.open(farAway.url), await browser.open(example.url)];
    for (const page of [ann, bob]) await page.waitForFunction(() => document.querySelectorAll(".ship").length === 2);

    const room = await client.join("space");
    const told = collectTold(room);
    const drawn = await watchPlaces(bob);
    for (const place of [{ x: 40, y: 70 }, { x: 120, y: 20 }]) {
      await moveMouse(ann, place);
      await shipsAt(ann, place, 1);
      await shipsAt(bob, place, 1);
    }
    const between = (await drawn()).filter((place) => !told.has(place));
    assert.ok(between.length > 10, `it is drawn between the places that were told, too: ${between}`);

    for (const page of [ann, bob]) await moveMouse(page, CORNER);
    for (const page of [ann, bob]) await shipsAt(page, CORNER, 2);
    const before = starsIn(room);
    for (let stars = 1; stars <= 3; stars++) {
      await room.update({ set: { star: CORNER } });
      // Both reach for it at once, and for the same one; the next comes when both know how it went.
      await until(room, () => room.state.get("star").x !== CORNER.x && starsIn(room) >= before + stars);
    }
    await moveMouse(ann, AWAY);
    await shipsAt(bob, AWAY, 1); // both have told by now what they have
    assert.equal(starsIn(room), before + 3);

    const began = performance.now();
    network.isStalled = true; // without a goodbye, and without a way back
    network.cut();
    await bob.waitForFunction(() => document.querySelectorAll(".ship").length === 1);
    assert.ok(performance.now() - began < 12_000, "after the grace of this server, 3 s, and not after the usual one");
    assert.equal([...room.state].filter(([key]) => key.startsWith("ship.")).length, 1);
  } finally {
    await endAll(() => client.close(), () => browser.close(), () => farAway.interrupt(), () => network.close(), () => example.interrupt());
  }
});

const starsIn = (room) => [...room.state].reduce((sum, [key, ship]) => (key.startsWith("ship.") ? sum + ship.stars : sum), 0);

async function until(room, condition) {
  while (!condition()) {
    await new Promise((resolve) => {
      const off = room.on("state", () => (off(), resolve()));
    });
  }
}

async function moveMouse(page, { x, y }) {
  const space = await page.locator("#space").boundingBox();
  await page.mouse.move(space.x + (space.width * x) / 160, space.y + (space.height * y) / 90);
}

/** So many ships are drawn at this place. */
const shipsAt = (page, { x, y }, count) =>
  page.waitForFunction(
    ([x, y, count]) => {
      const places = [...document.querySelectorAll(".ship")].map((ship) => ship.transform.baseVal[0].matrix);
      return places.filter(({ e, f }) => Math.hypot(e - x, f - y) < 1).length === count;
    },
    [x, y, count],
  );

/** Each place at which a ship has said that it is. */
function collectTold(room) {
  const told = new Set();
  const note = (key, value) => key.startsWith("ship.") && value && told.add(`translate(${value.x} ${value.y})`);
  for (const [key, value] of room.state) note(key, value);
  room.on("state", ({ changes }) => changes.forEach(({ key, value }) => note(key, value)));
  return told;
}

/** Notes each place at which a ship is drawn; the function that comes back gives them. */
async function watchPlaces(page) {
  const places = await page.evaluateHandle(() => {
    const places = new Set();
    requestAnimationFrame(function look() {
      for (const ship of document.querySelectorAll(".ship")) places.add(ship.getAttribute("transform"));
      requestAnimationFrame(look);
    });
    return places;
  });
  return () => places.evaluate((places) => [...places]);
}
