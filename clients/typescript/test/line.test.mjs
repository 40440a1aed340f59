// The network that can be cut, without one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../dist/index.js";
import { Line } from "../dist/line.js";
import { WebSocket } from "ws";
import { startServer } from "./server.mjs";
import { settled } from "./world.mjs";

/** As much of a WebSocket as a line needs: that of a browser, which has no `terminate`. */
class Socket {
  static made = [];
  readyState = 0;
  closes = [];

  constructor(...about) {
    this.about = about;
    Socket.made.push(this);
  }

  close(...about) {
    this.closes.push(about);
    this.readyState = 3;
  }
}

test("a_line_that_is_not_cut_is_the_socket_below_it", () => {
  Socket.made = [];
  const socket = new new Line(Socket).WebSocket("ws://x/ws", "p");
  assert.equal(socket, Socket.made[0]);
  assert.deepEqual(socket.about, ["ws://x/ws", "p"]);
});

test("cut_ends_all_connections_without_a_code_and_each_once", () => {
  Socket.made = [];
  const line = new Line(Socket);
  const before = new line.WebSocket("ws://x/ws", "p");
  before.close(1000);
  const [one, two] = [new line.WebSocket("ws://x/ws", "p"), new line.WebSocket("ws://x/ws", "p")];
  assert.equal(line.isCut, false);
  line.cut();
  assert.equal(line.isCut, true);
  assert.deepEqual([before.closes, one.closes, two.closes], [[[1000]], [[]], [[]]]);
});

test("while_cut_nothing_is_tried_and_the_attempt_ends_as_one_without_a_network", async () => {
  Socket.made = [];
  const line = new Line(Socket);
  line.cut();
  const dead = new line.WebSocket("ws://x/ws", "p");
  const closed = new Promise((resolve) => (dead.onclose = resolve));
  assert.equal(dead.readyState, 3);
  assert.deepEqual(await closed, { code: 1006, reason: "cut" });
  assert.equal(Socket.made.length, 0);
  line.mend();
  new line.WebSocket("ws://x/ws", "p");
  assert.equal(Socket.made.length, 1);
});

test("mend_is_told_as_online", async () => {
  const heard = [];
  const before = globalThis.dispatchEvent;
  globalThis.dispatchEvent = (event) => heard.push(event.type);
  try {
    new Line(Socket).mend();
  } finally {
    globalThis.dispatchEvent = before;
  }
  assert.deepEqual(heard, ["online"]);
});

test("a_client_on_a_line_waits_while_it_is_cut_and_comes_back_when_it_is_mended", async () => {
  const server = await startServer();
  const line = new Line(WebSocket);
  const client = connect(await server.url, { WebSocket: line.WebSocket, backOffMaxMs: 100 });
  const room = await client.join("line");
  const retries = [];
  const third = new Promise((resolve) => client.on("retry", ({ reason }) => retries.push(reason) === 3 && resolve()));
  const resumed = new Promise((resolve) => room.on("resumed", resolve));
  line.cut();
  const waiting = room.publish("while cut");
  await third;
  assert.deepEqual([client.status, retries.slice(1)], ["reconnecting", ["cut", "cut"]]);
  line.mend();
  assert.deepEqual(await resumed, { messages: 0, restored: true });
  assert.equal(await waiting, 1);
  await client.close();
  await server.stop();
  await settled();
});
