import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { connect } from "../dist/index.js";
import { failure, settled, World } from "./world.mjs";

let world;
afterEach(() => world?.end());

test("connect_opens_with_the_subprotocol_and_asks_for_a_session_behind_the_welcome", async () => {
  world = new World();
  assert.equal(world.peer.protocol, "roomcast.v1.json");
  assert.equal(world.client.status, "connecting");
  world.peer.open();
  assert.deepEqual(world.peer.sent, [], "nothing to whom has not shown that it is a server of Roomcast");
  await world.peer.welcome();
  assert.deepEqual(world.peer.sent, [{ type: "session", id: 1 }]);
  assert.equal(world.client.status, "connected");
  assert.deepEqual(world.events, [["status", { status: "connected" }]]);
});

test("limits_are_known_when_connected_is_told", async () => {
  world = new World();
  const seen = [];
  world.client.on("status", ({ status }) => seen.push([status, world.client.limits.dataBytes]));
  await world.connected({ limits: { dataBytes: 5 } });
  assert.deepEqual(seen, [["connected", 5]]);
});

test("session_false_asks_for_none", async () => {
  world = new World({ session: false });
  await world.peer.greets();
  assert.deepEqual(world.peer.sent, []);
});

test("no_welcome_in_time_is_a_failed_attempt", async () => {
  world = new World();
  world.peer.open();
  await world.clock.advance(9_999);
  assert.equal(world.peer.closed, undefined);
  await world.clock.advance(1);
  assert.equal(world.peers[0].closed, "cut");
  assert.equal(world.client.status, "connecting");
  assert.deepEqual(world.events, [["retry", { closeCode: 1006, reason: "no welcome", retryInMs: 100 }]]);
});

test("another_protocol_is_final", async () => {
  world = new World();
  world.peer.open();
  await world.peer.welcome({ protocol: 2 });
  const [[event, { status, error }]] = world.events;
  assert.deepEqual([event, status, error.code], ["status", "closed", "unsupported_protocol"]);
  assert.equal(world.peer.closed, 1000);
});

test("back_off_doubles_up_to_its_cap_and_starts_anew_after_a_stable_connection", async () => {
  world = new World({ random: () => 0.5 });
  const waits = [];
  world.client.on("retry", ({ retryInMs }) => waits.push(retryInMs));
  for (let attempt = 0; attempt < 10; attempt++) {
    await world.peer.ends();
    await world.clock.advance(waits.at(-1));
  }
  assert.deepEqual(waits, [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  await world.connected();
  await world.clock.advance(4_999);
  await world.peer.ends();
  assert.equal(waits.at(-1), 10_000);
  await world.clock.advance(10_000);
  await world.connected();
  await world.clock.advance(5_000);
  await world.peer.ends();
  assert.equal(waits.at(-1), 50);
});

test("the_next_attempt_comes_when_its_wait_is_over_and_not_before", async () => {
  world = new World();
  await world.peer.ends();
  await world.clock.advance(99);
  assert.equal(world.peers.length, 1);
  await world.clock.advance(1);
  assert.equal(world.peers.length, 2);
});

for (const code of [1000, 1002, 1003, 1007, 1008, 1009, 4500, 4501, 4503, 4999]) {
  test(`close_code_${code}_is_final`, async () => {
    world = new World();
    await world.connected();
    world.events;
    await world.peer.ends(code, "why");
    const [[, { status, error, closeCode }]] = world.events;
    assert.deepEqual([status, error.code, error.closeCode, closeCode], ["closed", "closed", code, code]);
    assert.equal((await failure(world.client.join("lobby"))).code, "closed");
    await world.clock.advance(1_000_000);
    assert.equal(world.peers.length, 1);
  });
}

for (const code of [1001, 1005, 1006, 1011, 1012, 1013, 4000, 4008, 4401, 4408, 4409, 4410, 4429, 4499]) {
  test(`close_code_${code}_is_retried`, async () => {
    world = new World();
    await world.connected();
    await world.peer.ends(code);
    assert.equal(world.client.status, "reconnecting");
    await world.clock.advance(100);
    assert.equal(world.peers.length, 2);
  });
}

test("session_is_brought_back_with_its_secret_but_not_after_4409", async () => {
  world = new World();
  await world.connected();
  await world.peer.ends();
  await world.clock.advance(100);
  await world.peer.greets();
  assert.deepEqual(world.peer.sent, [{ type: "session", id: 1, session: "s1" }]);
  await world.peer.ends(4409);
  await world.clock.advance(200);
  await world.peer.greets();
  assert.deepEqual(world.peer.sent, [{ type: "session", id: 1 }]);
});

test("closing_says_how_long_the_next_attempt_waits", async () => {
  world = new World();
  await world.connected();
  await world.peer.says({ type: "closing", retryAfterMs: 1_830 });
  await world.peer.ends(1012);
  assert.equal(world.events.at(-1)[1].retryInMs, 1_830);
  await world.clock.advance(1_830);
  await world.peer.ends();
  assert.equal(world.events.at(-1)[1].retryInMs, 200, "only the next one");
});

test("closing_counts_up_to_five_minutes", async () => {
  world = new World();
  await world.connected();
  await world.peer.says({ type: "closing", retryAfterMs: 1e9 });
  await world.peer.ends(1012);
  assert.equal(world.events.at(-1)[1].retryInMs, 300_000);
});

test("heartbeat_asks_a_silent_server_and_gives_it_up_after_as_long_again", async () => {
  world = new World();
  await world.connected({ heartbeatMs: 10_000 });
  await world.clock.advance(9_999);
  assert.deepEqual(world.peer.sent, []);
  await world.clock.advance(1);
  assert.deepEqual(world.peer.sent, [{ type: "ping" }]);
  await world.clock.advance(5_000);
  await world.peer.says({ type: "whatever" });
  await world.clock.advance(9_999);
  assert.deepEqual(world.peer.sent, [], "any frame counts");
  await world.clock.advance(5_001);
  assert.deepEqual(world.peer.sent, [{ type: "ping" }]);
  await world.clock.advance(10_000);
  assert.equal(world.peers[0].closed, "cut");
});

test("after_a_sleep_a_connection_has_two_seconds_to_show_itself", async () => {
  world = new World();
  await world.connected();
  world.clock.jump(3_600_000);
  await world.clock.advance(5_000);
  assert.deepEqual(world.peer.sent, [{ type: "ping" }]);
  await world.peer.says({ type: "pong" });
  await world.clock.advance(5_000);
  assert.equal(world.peer.closed, undefined);
  world.clock.jump(3_600_000);
  await world.clock.advance(5_000);
  assert.deepEqual(world.peer.sent, [{ type: "ping" }]);
  await world.clock.advance(2_000);
  assert.equal(world.peers[0].closed, "cut");
});

test("after_a_sleep_the_rest_of_a_wait_is_not_sat_out", async () => {
  world = new World({ backOffMs: 20_000 });
  await world.peer.ends();
  world.clock.jump(3_600_000);
  await world.clock.advance(5_000);
  assert.equal(world.peers.length, 2);
});

test("the_wall_clock_going_back_changes_nothing", async () => {
  world = new World();
  await world.connected();
  world.clock.jump(-3_600_000);
  await world.clock.advance(24_999);
  assert.deepEqual(world.peer.sent, []);
  await world.clock.advance(1);
  assert.deepEqual(world.peer.sent, [{ type: "ping" }]);
});

test("online_ends_a_wait_and_asks_an_open_connection", async () => {
  const target = new EventTarget();
  let listeners = 0;
  Object.assign(globalThis, {
    addEventListener: (...args) => (listeners++, target.addEventListener(...args)),
    removeEventListener: (...args) => (listeners--, target.removeEventListener(...args)),
  });
  try {
    world = new World({ backOffMs: 20_000 });
    await world.peer.ends();
    target.dispatchEvent(new Event("online"));
    assert.equal(world.peers.length, 2);
    await world.connected();
    target.dispatchEvent(new Event("online"));
    assert.deepEqual(world.peer.sent, [{ type: "ping" }]);
    target.dispatchEvent(new Event("pagehide"));
    assert.equal(world.peer.closed, 1000, "the others see a page go at once");
    world.client.close();
    assert.equal(listeners, 0, "no listener is left behind");
  } finally {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
  }
});

const GARBAGE = {
  "no JSON": "hello",
  "no object": "[1]",
  "null": "null",
  "a number": "7",
  "no type": "{}",
  "a type that is no string": '{"type":1}',
  "an empty text": "",
  "a type of __proto__ only": '{"__proto__":{"type":"welcome"}}',
  "binary": new ArrayBuffer(2),
  "fields that make no sense": '{"type":"messages","room":"lobby","messages":7}',
  "a list of nulls": '{"type":"members","room":"lobby","joined":[null],"count":1}',
};
for (const [what, data] of Object.entries(GARBAGE)) {
  test(`garbage_from_the_server_is_an_error_and_a_new_connection: ${what}`, async () => {
    world = new World();
    await world.connected();
    await world.joined("lobby", { members: true }, { members: [{ id: "m1" }] });
    world.events;
    await world.peer.saysRaw(data);
    assert.equal(world.peers[0].closed, "cut");
    const [lost, error, retry] = world.events;
    assert.deepEqual([lost[0], error?.[0], retry?.[0]].sort(), ["error", "retry", "status"]);
    assert.equal((lost[0] === "error" ? lost : error)[1].code, "bad_frame");
    await world.clock.advance(100);
    assert.equal(world.peers.length, 2);
  });
}

test("a_frame_over_maxFrameBytes_is_bad_and_a_large_one_below_is_not", async () => {
  world = new World({ maxFrameBytes: 12_000_000 });
  await world.connected();
  const large = "é".repeat(5_000_000);
  await world.peer.says({ type: "unknown", large });
  assert.equal(world.peer.closed, undefined);
  await world.peer.says({ type: "unknown", large: large + large });
  assert.equal(world.peers[0].closed, "cut");
});

test("unknown_types_and_fields_are_ignored", async () => {
  world = new World();
  await world.connected();
  const { heard } = await world.joined();
  await world.peer.says({ type: "confetti", room: "lobby" }, { type: "confetti" }, { type: "confetti", id: 1 }, { type: "pong" });
  assert.deepEqual(heard, []);
  assert.equal(world.peer.closed, undefined);
});

test("bad_addresses_are_told_at_once", () => {
  for (const url of ["http://a/ws", "nonsense", "", "/ws", "ftp://a", undefined]) {
    assert.throws(() => connect(url, { WebSocket: class {} }), { code: "bad_url", name: "RoomcastError" });
  }
  world = new World({}, "wss://test/ws#part");
  assert.equal(world.peer.url, "wss://test/ws");
});

test("a_runtime_without_WebSocket_says_what_to_do", () => {
  const { WebSocket } = globalThis;
  delete globalThis.WebSocket;
  try {
    assert.throws(() => connect("ws://a/ws"), { code: "bad_request", message: /package ws/ });
  } finally {
    if (WebSocket) globalThis.WebSocket = WebSocket;
  }
});

test("a_socket_that_refuses_to_be_made_ends_the_client", async () => {
  world = new World();
  const client = connect("ws://a/ws", {
    WebSocket: class {
      constructor() {
        throw new Error("not secure");
      }
    },
  });
  assert.equal(client.status, "closed");
  const error = await failure(client.join("lobby"));
  assert.equal(error.code, "bad_url");
  assert.match(error.message, /not secure/);
});

test("close_says_goodbye_and_waits_for_the_answer_but_not_for_long", async () => {
  world = new World();
  await world.connected();
  const first = world.client.close();
  assert.equal(world.client.close(), first, "twice is once");
  assert.equal(world.peer.closed, 1000);
  let isOver = false;
  first.then(() => (isOver = true));
  await world.clock.advance(999);
  assert.equal(isOver, false);
  await world.clock.advance(1);
  assert.equal(isOver, true);
  assert.deepEqual(world.events.at(-1), ["status", { status: "closed" }]);
  for (const call of [world.client.join("lobby"), world.client.join("")]) assert.equal((await failure(call)).code, "closed");
});

test("close_while_connecting_says_goodbye_when_it_is_open_as_a_browser_complains_before", async () => {
  world = new World();
  const closing = world.client.close();
  assert.equal(world.peer.closed, undefined);
  world.peer.open();
  world.peer.onopen();
  assert.equal(world.peer.closed, 1000);
  await world.peer.ends(1000);
  await closing;
  assert.equal(world.clock.timers, 0);
});

test("a_client_that_ends_as_the_machine_wakes_leaves_no_timer", async () => {
  let made = 0;
  world = new World({
    backOffMs: 20_000,
    WebSocket: class {
      constructor() {
        if (made++ > 0) throw new Error("not secure");
        setTimeout(() => this.onclose({ code: 1006, reason: "" }), 0);
      }
      terminate() {}
    },
  });
  await world.clock.advance(0);
  world.clock.jump(3_600_000);
  await world.clock.advance(5_000);
  assert.equal(world.client.status, "closed");
  assert.equal(world.clock.timers, 0);
});

test("a_client_that_is_closed_by_who_sees_its_ping_leaves_no_timer", async () => {
  world = new World();
  await world.connected();
  world.client.on("frame", ({ text }) => text.includes("ping") && world.client.close());
  await world.clock.advance(25_000);
  await world.peer.ends(1000);
  assert.equal(world.client.status, "closed");
  assert.equal(world.clock.timers, 0);
});

test("close_while_connecting_and_while_waiting_leaves_nothing", async () => {
  world = new World();
  world.client.close();
  await world.clock.advance(1_000);
  assert.equal(world.clock.timers, 0);
  world.clock.restore();
  world = new World();
  await world.peer.ends();
  await world.client.close();
  assert.equal(world.clock.timers, 0);
});

test("a_signal_closes_the_client", async () => {
  const controller = new AbortController();
  world = new World({ signal: controller.signal });
  const joining = world.client.join("lobby");
  controller.abort();
  assert.equal(world.client.status, "closed");
  assert.equal((await failure(joining)).code, "closed");
  world.clock.restore();
  world = new World({ signal: AbortSignal.abort() });
  assert.equal(world.client.status, "closed");
});

test("token_is_asked_for_before_each_connection_and_sent_first", async () => {
  const tokens = ["a", "b"];
  world = new World({ token: async () => tokens.shift() });
  assert.equal(world.peers.length, 0);
  await settled();
  await world.peer.greets();
  assert.deepEqual(world.peer.sent.map(({ type, token }) => [type, token]), [["auth", "a"], ["session", undefined]]);
  await world.peer.ends(4401);
  await world.clock.advance(100);
  await world.peer.greets();
  assert.equal(world.peer.sent[0].token, "b");
});

test("a_failing_token_provider_is_an_error_and_a_failed_attempt", async () => {
  let calls = 0;
  world = new World({
    token: () => {
      if (++calls === 1) throw new Error("no network");
      return calls === 2 ? 7 : "a";
    },
  });
  await settled();
  assert.deepEqual(world.events.map(([event, { code }]) => [event, code]), [["error", "token"], ["retry", undefined]]);
  await world.clock.advance(100);
  assert.equal(world.peers.length, 0, "what is no string is no token");
  await world.clock.advance(200);
  assert.equal(world.peers.length, 1);
});

test("a_token_provider_that_hangs_is_given_up_and_asked_again_and_holds_up_no_close", async () => {
  let calls = 0;
  world = new World({ token: () => (calls++, new Promise(() => {})) });
  await world.clock.advance(9_999);
  assert.deepEqual(world.events, []);
  await world.clock.advance(1);
  assert.deepEqual(world.events.map(([event, { code }]) => [event, code]), [["error", "token"], ["retry", undefined]]);
  await world.clock.advance(100);
  assert.equal(calls, 2);
  await world.client.close();
  assert.equal(world.clock.timers, 0);
  assert.equal(world.peers.length, 0);
});

test("a_token_without_an_end_is_not_renewed", async () => {
  let calls = 0;
  world = new World({ token: () => `t${++calls}` });
  await settled();
  await world.peer.greets();
  await world.peer.says({ type: "authenticated", id: 1, user: "ann" });
  await keepAlive(world, 20_000);
  assert.equal(calls, 1);
});

test("unauthorized_is_final_and_an_unknown_auth_is_not", async () => {
  world = new World({ token: "a" });
  await settled();
  await world.peer.greets();
  await world.peer.says({ type: "error", id: 1, request: "auth", code: "unknown_type", message: "?" });
  assert.deepEqual(world.events.map(([event, { code, status }]) => [event, code ?? status]), [["status", "connected"], ["error", "unknown_type"]]);
  await world.peer.ends();
  await world.clock.advance(100);
  await world.peer.greets();
  await world.peer.says({ type: "error", id: 1, request: "auth", code: "unauthorized", message: "who are you" });
  assert.equal(world.client.status, "closed");
  assert.equal(world.events.at(-1)[1].error.code, "unauthorized");
});

test("a_token_is_renewed_a_tenth_of_its_time_before_it_expires_but_at_least_five_seconds", async () => {
  let calls = 0;
  world = new World({ token: () => `t${++calls}` });
  await settled();
  await world.peer.greets();
  world.peer.sent;
  await world.peer.says({ type: "authenticated", id: 1, user: "ann", expiresAt: Date.now() + 100_000 });
  await keepAlive(world, 89_999);
  assert.equal(calls, 1);
  await world.clock.advance(1);
  assert.equal(calls, 2);
  const renewal = world.peer.sent.find(({ type }) => type === "auth");
  assert.equal(renewal.token, "t2");
  await world.peer.says({ type: "authenticated", id: renewal.id, user: "ann", expiresAt: Date.now() + 20_000 });
  await world.clock.advance(15_000);
  assert.equal(calls, 3);
  const last = world.peer.sent.find(({ type }) => type === "auth");
  await world.peer.says({ type: "authenticated", id: last.id, user: "ann", expiresAt: Date.now() - 3_600_000 });
  await world.clock.advance(999);
  assert.equal(calls, 3, "by a clock that is wrong it is not renewed without end");
  await world.clock.advance(1);
  assert.equal(calls, 4);
});

async function keepAlive(world, ms) {
  for (let left = ms; left > 0; left -= 10_000) {
    await world.clock.advance(Math.min(left, 10_000));
    await world.peer.says({ type: "pong" });
  }
}

test("a_failing_listener_harms_nobody_else", async () => {
  const reports = [];
  globalThis.reportError = (error) => reports.push(error.message);
  try {
    world = new World();
    const heard = [];
    world.client.on("status", () => {
      throw new Error("at once");
    });
    world.client.on("status", async () => {
      throw new Error("later");
    });
    world.client.on("status", () => heard.push("still called"));
    await world.connected();
    assert.deepEqual(heard, ["still called"]);
    assert.deepEqual(reports, ["at once", "later"]);
  } finally {
    delete globalThis.reportError;
  }
});
