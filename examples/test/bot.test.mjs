import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "@roomcast/client";
import { WebSocket } from "ws";
import { Network, startServer } from "../../clients/typescript/test/server.mjs";
import { endAll, Program } from "./world.mjs";

/** Somebody in the room "lobby", over a connection that nobody cuts, and all that was said. */
async function visit(url) {
  const client = connect(url, { WebSocket });
  const room = await client.join("lobby", { members: true });
  const heard = [];
  const waiting = new Set();
  const check = () => waiting.forEach((look) => look());
  room.on("message", ({ data, mine }) => check(heard.push({ ...data, mine })));
  room.on("members", check);
  const until = (condition) =>
    new Promise((resolve) => {
      const look = () => condition() && (waiting.delete(look), resolve());
      waiting.add(look);
      look();
    });
  const answers = () => heard.filter(({ mine }) => !mine).map(({ text }) => text);
  return { client, room, until, answers };
}

test("bot: answers commands once each, over a cut and a restart, and ends at Ctrl-C", { timeout: 90_000 }, async () => {
  let server = await startServer();
  const network = await Network.to(server.port);
  const visitors = await Network.to(server.port);
  const bot = new Program("./run", "bot", "--server", network.url);
  let client;
  try {
    const visitor = await visit(visitors.url);
    const { room, until, answers } = visitor;
    client = visitor.client;
    await until(() => room.count === 2);
    await room.publish({ text: "Hello" });
    await room.publish("no object");
    await room.publish({ text: "!say !help" }); // what it says itself is no command
    await room.publish({ text: "!roll 2d1" });
    await until(() => answers().length === 2);
    assert.deepEqual(answers(), ["!help", "1 + 1 = 2"]);

    // The answer gets through, and the word that it did does not.
    network.delayMs = 300;
    await room.publish({ text: "!roll 3d1" });
    await until(() => answers().length === 3);
    network.delayMs = 0;
    network.cut();
    await room.publish({ text: "!say back" });
    await until(() => answers().includes("back"));
    assert.deepEqual(answers().slice(2), ["1 + 1 + 1 = 3", "back"]);

    await server.stop();
    server = await startServer();
    for (const road of [network, visitors]) road.leadTo(server.port);
    await until(() => room.status === "joined" && [...room.members.values()].some(({ member }) => member?.name === "Dice bot"));
    await room.publish({ text: "!say still here" });
    await until(() => answers().includes("still here"));
    assert.deepEqual(answers().slice(4), ["still here"]);
  } finally {
    await endAll(() => client?.close(), () => bot.interrupt(), () => network.close(), () => visitors.close(), () => server.stop());
  }
  assert.match(bot.said, /Goodbye\n$/);
  assert.doesNotMatch(bot.said, /Traceback|Error/);
});

test("bot: with a server of its own it says where to talk to it", { timeout: 60_000 }, async () => {
  const bot = new Program("./run", "bot");
  let client;
  try {
    const [, host] = await bot.says(/^Open http:\/\/(\S+)\/ and go to the room "lobby"/m);
    await bot.says(/Dice bot is in lobby/);
    const visitor = await visit(`ws://${host}/ws`);
    client = visitor.client;
    await visitor.room.publish({ text: "!roll d1" });
    await visitor.until(() => visitor.answers().length === 1);
    assert.deepEqual(visitor.answers(), ["1 = 1"]);
  } finally {
    await endAll(() => client?.close(), () => bot.interrupt());
  }
});
