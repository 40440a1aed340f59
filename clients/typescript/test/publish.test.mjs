import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { failure, joinedFrame, messageFrame, settled, World } from "./world.mjs";

let world;
let room;
let heard;
beforeEach(() => start());
afterEach(() => world.end());

async function start(options = {}, welcome = {}) {
  if (world?.client.status !== "closed") await world?.end();
  world = new World(options);
  await world.connected(welcome);
  ({ room, heard } = await world.joined());
}

/** Back in the room, and what was sent behind the join. */
async function back({ restored, ...fields } = {}) {
  const [join, ...rest] = await world.again({ restored });
  assert.equal(join.type, "join");
  await world.peer.says(joinedFrame("lobby", join.id, { resumed: true, messages: [], ...fields }));
  return [...rest, ...world.peer.sent];
}

function published(id, offset) {
  return { type: "published", room: "lobby", id, offset };
}

function refused(id, code, retryAfterMs) {
  return { type: "error", id, request: "publish", room: "lobby", code, message: "No.", retryAfterMs };
}

function dataOf(frames) {
  return frames.map(({ data }) => data);
}

test("publish_has_a_key_and_gives_the_offset", async () => {
  const publishing = room.publish({ text: "Hello" }, { event: "chat" });
  const [{ key, ...frame }] = world.peer.sent;
  assert.deepEqual(frame, { type: "publish", id: 3, room: "lobby", event: "chat", data: { text: "Hello" } });
  assert.match(key, /^[0-9.e-]{20,}-1$/);
  await world.peer.says(published(3, 58));
  assert.equal(await publishing, 58);
});

test("publish_takes_the_caller_s_key", async () => {
  room.publish(1, { key: "mine" });
  assert.equal(world.peer.sent[0].key, "mine");
});

test("publish_data_is_that_of_the_call", async () => {
  const data = { n: 1 };
  await world.peer.ends();
  room.publish(data);
  data.n = 2;
  assert.deepEqual(dataOf(await back()), [{ n: 1 }]);
});

test("a_frame_over_the_server_s_limit_is_never_sent_as_that_would_be_the_end_of_the_client", async () => {
  await world.again({ limits: { frameBytes: 200 } });
  await world.peer.says(joinedFrame("lobby", 2, { resumed: true, messages: [] }));
  world.peer.sent;
  const large = "é".repeat(100);
  const calls = {
    update: room.update({ set: { a: large } }),
    member: room.setMember(large),
    members: room.fetchMembers({ after: large }),
    join: world.client.join("other", { member: large }),
  };
  for (const [request, call] of Object.entries(calls)) {
    const error = await failure(call);
    assert.deepEqual([error.code, error.request, error.room], ["too_large", request, request === "join" ? "other" : "lobby"]);
  }
  assert.deepEqual(world.peer.sent, []);
  assert.equal(room.status, "joined");
});

for (const options of [{ keep: false }, { to: "m2" }, { confirm: false }]) {
  test(`publish_for_now_or_never: ${JSON.stringify(options)}`, async () => {
    assert.equal(await room.publish([1, 2], options), undefined);
    const { confirm, ...fields } = options;
    assert.deepEqual(world.peer.sent, [{ type: "publish", room: "lobby", ...fields, data: [1, 2] }]);
    await world.peer.says({ type: "error", request: "publish", room: "lobby", code: "rate_limited", message: "!", retryAfterMs: 10 });
    assert.deepEqual(heard.map(([event, { code, retryAfterMs }]) => [event, code, retryAfterMs]), [["error", "rate_limited", 10]]);
    await world.peer.ends();
    const error = await failure(room.publish(1, options));
    assert.deepEqual([error.code, error.request, error.room], ["disconnected", "publish", "lobby"]);
    await world.clock.advance(100);
    await world.connected();
    assert.equal((await failure(room.publish(1, options))).code, "disconnected", "the room is not joined yet");
  });
}

test("what_is_no_json_is_refused_at_once_and_without_a_frame", async () => {
  const cycle = {};
  cycle.self = cycle;
  const lossy = [new Map([[1, 2]]), new Set([1]), Promise.resolve(1), new Uint8Array(2), /a/, new Error("e"), new URLSearchParams("a=1"), new WeakMap()];
  for (const data of lossy) assert.equal((await failure(room.publish({ a: [data] }))).code, "bad_request", String(data));
  assert.equal((await failure(room.update({ set: new Map([["a", 1]]) }))).code, "bad_request");
  const bad = [undefined, () => {}, Symbol("x"), Number.NaN, Infinity, 1n, cycle, { a: [Number.NaN] }, [undefined], { toJSON() { throw new Error("no"); } }];
  for (const data of bad) {
    const error = await failure(room.publish(data));
    assert.deepEqual([error.name, error.code, error.request], ["RoomcastError", "bad_request", "publish"]);
  }
  assert.equal((await failure(room.update({ set: { a: Number.NaN } }))).code, "bad_request");
  assert.deepEqual(world.peer.sent, []);
  room.publish({ date: new Date(0), absent: undefined, null: null });
  assert.deepEqual(dataOf(world.peer.sent), [{ date: "1970-01-01T00:00:00.000Z", null: null }]);
});

test("what_is_too_large_is_refused_at_once", async () => {
  assert.equal((await failure(room.publish("x".repeat(999)))).code, "too_large");
  assert.equal((await failure(room.publish("é".repeat(500)))).code, "too_large", "bytes are counted");
  assert.deepEqual(world.peer.sent, []);
  room.publish("x".repeat(998));
  assert.equal(world.peer.sent.length, 1);
});

test("a_refusal_is_the_server_s_error", async () => {
  const publishing = room.publish(1);
  await world.peer.says(refused(3, "not_allowed"));
  assert.equal((await failure(publishing)).code, "not_allowed");
});

test("publishes_wait_for_a_connection_and_keep_their_order", async () => {
  await world.peer.ends();
  const publishing = [1, 2, 3].map((data) => room.publish(data));
  const sent = await back();
  assert.deepEqual(dataOf(sent), [1, 2, 3]);
  await world.peer.says(...sent.map(({ id }, index) => published(id, index + 1)));
  assert.deepEqual(await Promise.all(publishing), [1, 2, 3]);
});

test("publishes_go_out_behind_all_joins_room_by_room_without_waiting", async () => {
  const { room: other } = await world.joined("other");
  await world.peer.ends();
  other.publish("o1");
  room.publish("l1");
  room.history();
  other.publish("o2");
  await world.clock.advance(100);
  await world.peer.greets();
  const sent = world.peer.sent.map(({ type, room, data }) => [type, room, data].filter(Boolean).join(" "));
  assert.deepEqual(sent, ["session", "join lobby", "join other", "publish lobby l1", "history lobby", "publish other o1", "publish other o2"]);
});

test("what_had_no_reply_is_sent_again_with_its_key_if_the_session_is_restored", async () => {
  const publishing = [room.publish("first"), room.publish("second")];
  const before = world.peer.sent;
  await world.peer.says(published(3, 1));
  await world.peer.ends();
  const third = room.publish("third");
  await world.clock.advance(100);
  await world.peer.greets();
  assert.deepEqual(world.peer.sent.map(({ type }) => type), ["session", "join"], "whether the key counts is not known yet");
  await world.peer.says({ type: "session", id: 1, session: "s1", graceMs: 1, restored: true, rooms: ["lobby"] });
  const again = world.peer.sent;
  assert.deepEqual(again.map(({ id, key, data }) => [id, key, data]), [[3, before[1].key, "second"], [4, again[1].key, "third"]]);
  await world.peer.says(joinedFrame("lobby", 2, { resumed: true, messages: [] }), published(3, 2), published(4, 3));
  assert.deepEqual(await Promise.all([...publishing, third]), [1, 2, 3]);
});

test("what_had_no_reply_is_unconfirmed_if_the_session_is_another_one_and_the_rest_is_sent", async () => {
  const lost = room.publish({ text: "lost?" });
  await world.peer.ends();
  const waiting = room.publish("waiting");
  await world.clock.advance(100);
  const sent = await world.connected({ restored: false });
  const error = await failure(lost);
  assert.deepEqual([error.code, error.data, error.room], ["unconfirmed", { text: "lost?" }, "lobby"]);
  assert.deepEqual(dataOf(world.peer.sent), ["waiting"]);
  assert.deepEqual(sent.map(({ type }) => type), ["join"]);
  await world.peer.says(joinedFrame("lobby", 2, { resumed: true, messages: [] }), published(3, 2));
  assert.equal(await waiting, 2);
});

test("without_a_session_what_had_no_reply_is_unconfirmed_at_once", async () => {
  await start({ session: false });
  const lost = room.publish(1);
  await world.peer.ends();
  assert.equal((await failure(lost)).code, "unconfirmed");
});

test("after_4409_nothing_is_repeated", async () => {
  const lost = room.publish(1);
  const frames = await world.again({ code: 4409 });
  assert.equal((await failure(lost)).code, "unconfirmed");
  assert.deepEqual(frames.map(({ type }) => type), ["join"]);
});

test("a_session_that_is_refused_counts_as_another_one", async () => {
  const lost = room.publish(1);
  await world.peer.ends();
  await world.clock.advance(100);
  await world.peer.greets();
  await world.peer.says({ type: "error", id: 1, request: "session", code: "unknown_type", message: "?" });
  assert.equal((await failure(lost)).code, "unconfirmed");
  assert.equal(world.events.at(-1)[1].code, "unknown_type");
});

test("the_queue_is_bounded_in_messages_of_all_rooms_together", async () => {
  await start({ queueMessages: 3 });
  const { room: other } = await world.joined("other");
  await world.peer.ends();
  const waiting = [room.publish(1), other.publish(2), room.publish(3)];
  const error = await failure(room.publish(4));
  assert.deepEqual([error.code, error.request, error.room], ["queue_full", "publish", "lobby"]);
  assert.equal((await failure(other.publish(5))).code, "queue_full");
  await world.clock.advance(100);
  const sent = await world.connected();
  assert.deepEqual(sent.map(({ data }) => data).filter(Boolean), [1, 3, 2]);
  await world.peer.says(joinedFrame("lobby", 2, { resumed: true, messages: [] }), joinedFrame("other", 3, { resumed: true, messages: [] }));
  await world.peer.says(...sent.slice(2).map(({ id, room }) => ({ ...published(id, 1), room })));
  await Promise.all(waiting);
  await world.peer.ends();
  room.publish(6);
  assert.equal((await failure(Promise.race([room.publish(7), room.publish(8), room.publish(9)]))).code, "queue_full");
});

test("the_queue_is_bounded_in_bytes", async () => {
  await start({ queueBytes: 300 });
  await world.peer.ends();
  room.publish("x".repeat(150));
  assert.equal((await failure(room.publish("x".repeat(150)))).code, "queue_full");
});

test("what_had_no_reply_counts_into_the_queue_when_the_connection_has_ended", async () => {
  await start({ queueMessages: 2 });
  for (const data of [1, 2, 3]) room.publish(data);
  assert.equal(world.peer.sent.length, 3, "while there is a connection nothing waits");
  await world.peer.ends();
  assert.equal((await failure(room.publish(4))).code, "queue_full");
});

test("a_socket_that_takes_nothing_is_not_given_more_without_end", async () => {
  world.peer.bufferedAmount = 16_777_217;
  for (const options of [{}, { keep: false }]) assert.equal((await failure(room.publish(1, options))).code, "queue_full");
});

test("a_publish_times_out_whether_it_was_sent_or_not", async () => {
  const sent = room.publish(1, { timeoutMs: 50 });
  await world.clock.advance(50);
  const error = await failure(sent);
  assert.deepEqual([error.code, error.request], ["timeout", "publish"]);
  await world.peer.says(published(3, 1), messageFrame(1));
  await world.peer.ends();
  const waiting = room.publish(2, { timeoutMs: 50 });
  await world.clock.advance(50);
  assert.match((await failure(waiting)).message, /was not sent/);
  assert.deepEqual(dataOf(await back()), [], "what is over is not sent");
});

test("a_publish_has_sixty_seconds_and_another_request_ten", async () => {
  const publishing = room.publish(1);
  const asking = room.history();
  await world.clock.advance(10_000);
  assert.equal((await failure(asking)).code, "timeout");
  await world.peer.says({ type: "pong" });
  await world.clock.advance(24_000);
  await world.peer.says({ type: "pong" });
  await world.clock.advance(24_000);
  await world.peer.says({ type: "pong" });
  await world.clock.advance(2_000);
  assert.equal((await failure(publishing)).code, "timeout");
});

test("refused_for_now_is_repeated_in_its_order_and_newer_ones_wait_behind", async () => {
  const publishing = [room.publish(1), room.publish(2)];
  const [one, two] = world.peer.sent;
  await world.peer.says(refused(one.id, "rate_limited", 300), refused(two.id, "unavailable", 100));
  publishing.push(room.publish(3));
  await world.clock.advance(299);
  assert.deepEqual(world.peer.sent, []);
  await world.clock.advance(1);
  const again = world.peer.sent;
  assert.deepEqual(again.map(({ data, key }) => [data, key === one.key || key === two.key]), [[1, true], [2, true], [3, false]]);
  await world.peer.says(...again.map(({ id, data }) => published(id, data)));
  assert.deepEqual(await Promise.all(publishing), [1, 2, 3]);
});

test("refused_for_longer_than_its_time_is_the_caller_s_affair", async () => {
  const publishing = room.publish(1);
  await world.peer.says(refused(3, "unavailable", 60_001));
  assert.deepEqual([(await failure(publishing)).code, (await failure(publishing)).retryAfterMs], ["unavailable", 60_001]);
  const updating = room.update({ set: { a: 1 } });
  await world.peer.says({ ...refused(4, "rate_limited", 10), request: "update" });
  assert.equal((await failure(updating)).code, "rate_limited", "only what has a key is repeated");
});

test("a_refused_publish_has_not_happened_so_it_outlives_the_session", async () => {
  const publishing = room.publish(1);
  await world.peer.says(refused(3, "rate_limited", 5_000));
  const [{ id, data }] = await back({ restored: false });
  assert.equal(data, 1, "at once, as the new connection has a rate of its own");
  await world.peer.says(published(id, 9));
  assert.equal(await publishing, 9);
});

test("what_was_sent_behind_a_join_that_was_refused_for_now_goes_again_behind_the_next_one", async () => {
  await world.peer.ends();
  const publishing = room.publish(1);
  const asking = room.history();
  await world.clock.advance(100);
  const [join, publish, history] = await world.connected();
  await world.peer.says(
    { type: "error", id: join.id, request: "join", room: "lobby", code: "rate_limited", message: "!", retryAfterMs: 200 },
    refused(publish.id, "not_member"),
    { ...refused(history.id, "not_member"), request: "history" },
  );
  assert.deepEqual(world.peer.sent, []);
  await world.clock.advance(200);
  const again = world.peer.sent;
  assert.deepEqual(again.map(({ type }) => type), ["join"]);
  await world.peer.says(joinedFrame("lobby", again[0].id, { resumed: true, messages: [] }));
  const rest = world.peer.sent;
  assert.deepEqual(rest.map(({ type }) => type), ["publish", "history"]);
  await world.peer.says(published(rest[0].id, 1), { type: "history", room: "lobby", id: rest[1].id, messages: [], more: false });
  assert.equal(await publishing, 1);
  await asking;
});

test("members_history_setMember_are_sent_again_after_a_break", async () => {
  const asking = [room.history(), room.setMember("x"), room.fetchMembers()];
  const sent = await back({ restored: false });
  assert.deepEqual(sent.map(({ type }) => type), ["history", "member", "members"]);
  await world.peer.says(
    { type: "history", room: "lobby", id: 3, messages: [], more: false },
    { type: "ok", room: "lobby", id: 4 },
    { type: "members", room: "lobby", id: 5, members: [], count: 1, more: false },
  );
  await Promise.all(asking);
});

test("the_server_s_rate_is_kept_so_that_nothing_is_refused_and_nothing_overtakes", async () => {
  await start({}, { limits: { publishesPerSecond: 10 } });
  for (let data = 0; data < 60; data++) room.publish(data);
  assert.equal(world.peer.sent.length, 40, "four seconds' worth at once");
  await world.clock.advance(100);
  assert.deepEqual(dataOf(world.peer.sent), [40]);
  await world.clock.advance(1_900);
  assert.deepEqual(dataOf(world.peer.sent), [...Array(19).keys()].map((n) => 41 + n));
});

test("what_is_for_now_takes_a_turn_if_there_is_one_and_holds_up_nothing", async () => {
  await start({}, { limits: { publishesPerSecond: 10 } });
  for (let data = 0; data < 30; data++) room.publish(data, { keep: false });
  for (let data = 30; data < 50; data++) room.publish(data);
  assert.equal(world.peer.sent.length, 40, "ten turns were left");
  for (let data = 0; data < 500; data++) room.publish("now", { keep: false });
  assert.equal(world.peer.sent.length, 500);
  await world.clock.advance(1_000);
  assert.deepEqual(dataOf(world.peer.sent), [40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
});

test("joins_keep_to_the_server_s_rate", async () => {
  await start({}, { limits: { joinsPerSecond: 2 } });
  for (let n = 0; n < 11; n++) world.client.join(`room ${n}`);
  assert.equal(world.peer.sent.length, 7, "and one before them");
  await world.clock.advance(2_000);
  assert.deepEqual(world.peer.sent.map(({ room }) => room), ["room 7", "room 8", "room 9", "room 10"]);
});

test("a_signal_takes_back_what_waits", async () => {
  await world.peer.ends();
  const controller = new AbortController();
  const publishing = room.publish(1, { signal: controller.signal });
  room.publish(2);
  controller.abort(new Error("enough"));
  assert.equal((await failure(publishing)).message, "enough");
  assert.equal((await failure(room.publish(3, { signal: controller.signal }))).message, "enough");
  assert.deepEqual(dataOf(await back()), [2]);
});

test("a_failure_that_nobody_looks_at_ends_nothing", async () => {
  const rejections = [];
  const note = (error) => rejections.push(error);
  process.on("unhandledRejection", note);
  room.publish(Number.NaN);
  room.update({ set: { a: 1 } });
  room.history();
  room.publish(1);
  world.client.join("");
  world.client.join("other");
  await world.peer.ends();
  world.client.close();
  room.publish(1);
  room.leave();
  await settled();
  await settled();
  process.off("unhandledRejection", note);
  assert.deepEqual(rejections, []);
});
