// The client against the real server, over a network that breaks.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { WebSocket } from "ws";
import { connect } from "../dist/index.js";
import { Network, startServer } from "./server.mjs";

const SETTINGS = {
  heartbeatMs: 2_000,
  "limits.publishesPerSecond": "off",
  "limits.joinsPerSecond": "off",
  "limits.roomsPerConnection": "off",
  "limits.bytesPerSecond": "off",
  "limits.historyMessages": 20_000,
  "limits.historyBytes": 33_554_432,
  "limits.resumeMessages": 20_000,
  "limits.outboxBytes": 33_554_432,
  shutdownSpreadMs: 100,
};

let server;
let url;
const closers = [];

before(async () => {
  server = await startServer(SETTINGS);
  url = await server.url;
});
after(() => server.stop());
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function client(at = url, options = {}) {
  const client = connect(at, { WebSocket, backOffMs: 5, backOffMaxMs: 50, ...options });
  closers.push(() => client.close());
  return client;
}

async function network(port = server.port) {
  const network = await Network.to(port);
  closers.push(() => network.close());
  return network;
}

/** Kept with the first event for which `test` holds. */
function event(target, name, test = () => true) {
  return new Promise((resolve) => {
    const off = target.on(name, (detail) => {
      if (!test(detail)) return;
      off();
      resolve(detail);
    });
  });
}

/** Data of so many messages, in the order in which they come. */
async function read(room, count) {
  const data = [];
  for await (const message of room) {
    data.push(message.data);
    if (data.length === count) return data;
  }
}

function numbers(count) {
  return Array.from({ length: count }, (_, index) => index);
}

test("a_room_of_two: messages, members, state, history", async () => {
  const ada = await client().join("two", { member: { name: "Ada" }, members: true });
  const came = event(ada, "members", ({ joined }) => joined.length > 0);
  const bob = await client().join("two", { member: { name: "Bob" }, members: true });
  assert.deepEqual((await came).joined, [{ id: bob.memberId, member: { name: "Bob" } }]);
  assert.deepEqual([...ada.members.values()], [...bob.members.values()]);
  const heard = event(bob, "message");
  assert.equal(await ada.publish({ text: "Hello" }, { event: "chat" }), 1);
  const { at, ...message } = await heard;
  assert.deepEqual(message, { offset: 1, from: ada.memberId, event: "chat", data: { text: "Hello" }, mine: false });
  await ada.update({ set: { topic: "Tea" }, add: { hits: 2 } });
  assert.deepEqual([...ada.state], [["topic", "Tea"], ["hits", 2]]);
  const error = await bob.update({ set: { topic: "Coffee" } }, { if: { topic: 0 } }).catch((error) => error);
  assert.deepEqual([error.code, error.current], ["conflict", { topic: { version: 1, value: "Tea" } }]);
  const { messages, more } = await bob.history();
  assert.deepEqual([messages.map(({ data }) => data), more], [[{ text: "Hello" }], false]);
  assert.equal((await bob.fetchMembers()).count, 2);
  await bob.setMember({ name: "Bobby" });
  const gone = event(ada, "members", ({ left }) => left.length > 0);
  await bob.leave();
  assert.deepEqual((await gone).left, [bob.memberId]);
});

test("a_cut_connection_comes_back_as_the_same_member_and_nobody_has_noticed", async () => {
  const line = await network();
  const watcher = await client().join("cut", { members: true });
  const news = [];
  const room = await client(line.url).join("cut");
  await event(watcher, "members");
  watcher.on("members", (detail) => news.push(detail));
  const { memberId } = room;
  const resumed = event(room, "resumed");
  const heard = event(room, "message");
  line.cut();
  await watcher.publish("meanwhile");
  assert.equal((await heard).data, "meanwhile");
  assert.equal((await resumed).restored, true);
  assert.equal(room.memberId, memberId);
  assert.deepEqual(news, []);
});

test("a_thousand_messages_through_twenty_cuts_arrive_once_and_in_order", async () => {
  const line = await network();
  const reader = await client().join("cuts");
  const writerReader = await client(line.url).join("cuts");
  const all = Promise.all([read(reader, 1_000), read(writerReader, 1_000)]);
  const publishing = numbers(1_000).map((n) => n);
  for (let cuts = 0; cuts < 20; cuts++) {
    const batch = publishing.splice(0, 50).map((n) => writerReader.publish(n));
    await batch[cuts * 2]; // somewhere in between
    const resumed = event(writerReader, "resumed");
    line.cut();
    await resumed;
    await Promise.all(batch);
  }
  const [read1, read2] = await all;
  assert.deepEqual(read1, numbers(1_000));
  assert.deepEqual(read2, numbers(1_000));
});

test("what_arrived_without_its_reply_is_not_published_twice", async () => {
  const line = await network();
  const reader = await client().join("twice");
  const writer = await client(line.url).join("twice");
  const heard = read(reader, 4);
  line.isDeaf = true;
  const publishing = [1, 2, 3].map((n) => writer.publish(n));
  await event(reader, "message", ({ data }) => data === 3); // they are published, and the writer does not know
  line.isDeaf = false;
  line.cut();
  assert.deepEqual(await Promise.all(publishing), [1, 2, 3]);
  await writer.publish("end");
  assert.deepEqual(await heard, [1, 2, 3, "end"]);
});

test("a_half_open_connection_is_noticed_by_the_heartbeat", async () => {
  const line = await network();
  const half = client(line.url);
  const room = await half.join("half");
  const resumed = event(room, "resumed");
  line.isStalled = true;
  await event(half, "retry");
  line.isStalled = false;
  await resumed;
});

test("a_server_that_is_not_there_or_closes_at_once_or_refuses_is_tried_again", async () => {
  const nobody = await Network.to(server.port);
  await nobody.close();
  const rude = createServer((socket) => socket.on("error", () => {}).destroy()).listen(0, "127.0.0.1");
  await once(rude, "listening");
  closers.push(() => rude.close());
  for (const at of [nobody.url, `ws://127.0.0.1:${rude.address().port}/ws`, url.replace("/ws", "/nothing")]) {
    const trying = client(at);
    await event(trying, "retry");
    await event(trying, "retry", ({ closeCode }) => closeCode === 1006);
    await trying.close();
  }
});

test("a_client_that_is_closed_while_it_connects_is_closed", async () => {
  await client().close();
});

test("a_slow_network_is_only_slow", async () => {
  const line = await network();
  line.delayMs = 100;
  const room = await client(line.url).join("slow");
  const heard = read(room, 3);
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => room.publish(n))), [1, 2, 3]);
  assert.deepEqual(await heard, [1, 2, 3]);
});

test("ten_thousand_messages_come_in_order", async () => {
  const reader = await client().join("many");
  const writer = await client().join("many");
  const heard = read(reader, 10_000);
  const offsets = await Promise.all(numbers(10_000).map((n) => writer.publish(n)));
  assert.deepEqual(offsets, numbers(10_000).map((n) => n + 1));
  assert.deepEqual(await heard, numbers(10_000));
});

test("a_thousand_joins_and_a_cut", async () => {
  const line = await network();
  const many = client(line.url);
  const rooms = await Promise.all(numbers(1_000).map((n) => many.join(`room ${n}`)));
  const resumed = Promise.all(rooms.map((room) => event(room, "resumed")));
  line.cut();
  await resumed;
  await Promise.all(rooms.map((room) => room.leave()));
});

test("a_server_that_stands_still_for_a_while_is_waited_for", async () => {
  const own = await startServer(SETTINGS);
  closers.push(() => own.stop());
  const waiting = client(await own.url);
  const breaks = [];
  waiting.on("retry", (retry) => breaks.push(retry));
  const room = await waiting.join("still");
  const heard = read(room, 20);
  own.standStill();
  const publishing = numbers(20).map((n) => room.publish(n));
  const updating = room.update({ add: { n: 1 } });
  const error = await room.history({ timeoutMs: 50 }).catch((error) => error);
  own.goOn();
  assert.equal(error.code, "timeout");
  assert.deepEqual(await Promise.all(publishing), numbers(20).map((n) => n + 1));
  assert.deepEqual(await updating, { version: 1, values: { n: 1 } });
  assert.deepEqual(await heard, numbers(20));
  assert.deepEqual(breaks, []);
});

test("a_server_that_stands_still_for_too_long_is_given_up_and_found_again", async () => {
  const own = await startServer({ ...SETTINGS, heartbeatMs: 1_000 });
  closers.push(() => own.stop());
  const waiting = client(await own.url);
  const room = await waiting.join("still");
  const resumed = event(room, "resumed");
  const lost = event(waiting, "retry");
  own.standStill();
  const publishing = room.publish("x");
  assert.equal((await lost).reason, "silent");
  own.goOn();
  await resumed;
  assert.equal(await publishing, 1);
  assert.deepEqual((await room.history()).messages.map(({ data }) => data), ["x"]);
});

test("the_wall_clock_jumping_an_hour_either_way_changes_nothing", async () => {
  const { now } = Date;
  const room = await client().join("clock");
  try {
    for (const hours of [1, -1]) {
      Date.now = () => now() + hours * 3_600_000;
      assert.equal(typeof (await room.publish("x")), "number");
    }
  } finally {
    Date.now = now;
  }
  assert.equal(room.status, "joined");
});

test("a_restart_of_the_server_is_a_new_epoch_and_what_waits_is_published", async () => {
  const own = await startServer(SETTINGS);
  const line = await network(own.port);
  const returning = client(line.url);
  const room = await returning.join("restart", { members: true });
  await room.publish("before");
  const lost = event(returning, "status", ({ status }) => status === "reconnecting");
  const gap = event(room, "gap");
  const stopped = own.stop();
  await lost;
  const waiting = room.publish("waited");
  await stopped;
  const again = await startServer(SETTINGS);
  closers.push(() => again.stop());
  line.leadTo(again.port);
  assert.deepEqual(await gap, { after: 1, before: 1, reason: "epoch" });
  assert.equal(await waiting, 1);
});

test("the_first_minute_of_the_README_and_a_closed_client_leave_nothing_behind", async () => {
  const script = `
    import { WebSocket } from "ws";
    import { connect } from "../dist/index.js";
    const client = connect(process.argv[1], { WebSocket });
    const room = await client.join("exit", { members: true });
    room.publish("nobody looks at this");
    await room.publish("hello");
    room.history();
    room.update({ set: { a: 1 } });
    await client.close();
    room.publish("too late");
    console.log(JSON.stringify(process.getActiveResourcesInfo().filter((kind) => /Timeout|TCP|TLS/.test(kind))));
  `;
  const flags = ["--unhandled-rejections=strict", "--trace-warnings", "--input-type=module", "-e", script, url];
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, flags, { cwd, timeout: 20_000 });
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), []);
});

/** What a client is at when it is closed; nothing of it may be left, and so the process ends by itself. */
const ENDS = {
  "just made": "",
  "connecting to who says nothing": 'options.at = silent; until = new Promise((taken) => (onTaken = taken))',
  "waiting for a token": 'options.token = () => new Promise(() => {})',
  "in back-off": 'options.at = "ws://127.0.0.1:9/ws"; options.backOffMs = 600_000; options.random = () => 1; event = "retry"',
  "connected": 'event = "status"',
  "with a join under way": 'event = "status"; calls = (client) => [client.join("a"), client.join("b", { members: true })]',
};
for (const [what, how] of Object.entries(ENDS)) {
  test(`close_leaves_no_timer_and_no_socket: ${what}`, async () => {
    const script = `
      import { createServer } from "node:net";
      import { WebSocket } from "ws";
      import { connect } from "../dist/index.js";
      let onTaken = () => {}, until, event, calls = (client) => [client.join("a")];
      const taken = [];
      const server = createServer((socket) => (onTaken(), taken.push(socket.on("error", () => {}).resume()))).listen(0, "127.0.0.1");
      await new Promise((listening) => server.once("listening", listening));
      const silent = "ws://127.0.0.1:" + server.address().port + "/ws";
      const options = { at: process.argv[1], WebSocket };
      ${how};
      const client = connect(options.at, options);
      const waiting = event ? [] : calls(client);
      if (event) await new Promise((told) => client.on(event, told));
      await until;
      if (event) waiting.push(...calls(client));
      const closing = client.close();
      client.join("too late");
      await closing;
      server.close();
      for (const socket of taken) socket.destroy();
      const codes = await Promise.all(waiting.map((call) => call.catch(({ code }) => code)));
      let left;
      for (let turns = 0; turns < 100 && left?.length !== 0; turns++) {
        await new Promise((turn) => setImmediate(turn)); // a handle takes some to be gone
        left = process.getActiveResourcesInfo().filter((kind) => /Timeout|TCP|TLS/.test(kind));
      }
      console.log(JSON.stringify([codes.every((code) => code === "closed"), left]));
    `;
    const flags = ["--unhandled-rejections=strict", "--trace-warnings", "--input-type=module", "-e", script, url];
    const cwd = fileURLToPath(new URL(".", import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, flags, { cwd, timeout: 20_000 });
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), [true, []]);
  });
}

test("a_file_of_tests_that_a_signal_ends_leaves_no_server_behind", async () => {
  const script = `
    import { startServer } from "./server.mjs";
    const { port } = await startServer();
    console.log(port);
    setInterval(() => {}, 1_000);
  `;
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout.setEncoding("utf8"), "data");
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [143, null]);
  const refused = client(`ws://127.0.0.1:${Number(port)}/ws`);
  assert.equal((await event(refused, "retry")).closeCode, 1006);
  await refused.close();
});
