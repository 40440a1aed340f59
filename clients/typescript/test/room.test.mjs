import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { dataOf, failure, joinedFrame, listenTo, messageFrame, settled, World } from "./world.mjs";

let world;
beforeEach(async () => {
  world = new World();
  await world.connected();
});
afterEach(() => world.end());

function types(frames) {
  return frames.map(({ type }) => type);
}

// ---- Joining -----------------------------------------------------------------------------------------------------------

test("join_sends_what_was_asked_for_and_gives_the_room", async () => {
  const joining = world.client.join("lobby", { member: { name: "Ada" }, members: true, history: 2, timeoutMs: 50 });
  const [join] = world.peer.sent;
  assert.deepEqual(join, { type: "join", id: 2, room: "lobby", member: { name: "Ada" }, members: true, history: 2 });
  await world.peer.says(joinedFrame("lobby", 2, { offset: 57, version: 0, count: 2, members: [{ id: "m0" }, { id: "m1" }] }));
  const room = await joining;
  assert.deepEqual([room.id, room.status, room.memberId, room.epoch, room.offset, room.count], ["lobby", "joined", "m1", "e1", 57, 2]);
  assert.deepEqual([...room.members.keys()], ["m0", "m1"]);
});

test("join_hands_over_history_and_what_comes_at_once_to_listeners_added_behind_the_await", async () => {
  const heard = world.client.join("lobby", { history: 2 }).then(async (room) => {
    await null; // as in a function around it
    return listenTo(room);
  });
  world.peer.says(
    joinedFrame("lobby", 2, { offset: 2, messages: [{ offset: 1, at: 1, data: 1 }, { offset: 2, at: 2, from: "m1", data: 2 }] }),
    messageFrame(3),
  );
  const events = await heard;
  assert.deepEqual(events, []);
  await world.clock.advance(0);
  assert.deepEqual(events, [
    ["message", { offset: 1, at: 1, data: 1, mine: false }],
    ["message", { offset: 2, at: 2, from: "m1", data: 2, mine: true }],
    ["message", { offset: 3, at: 5, from: "m2", data: 3, mine: false }],
  ]);
});

test("join_refused_fails_with_the_server_s_error", async () => {
  const joining = world.client.join("lobby");
  await world.peer.says({ type: "error", id: 2, request: "join", room: "lobby", code: "room_full", message: "Full." });
  const error = await failure(joining);
  assert.deepEqual([error.name, error.code, error.message, error.room, error.request], ["RoomcastError", "room_full", "Full.", "lobby", "join"]);
});

test("join_refused_for_now_is_repeated_if_there_is_time_enough", async () => {
  const joining = world.client.join("lobby");
  await world.peer.says({ type: "error", id: 2, request: "join", room: "lobby", code: "rate_limited", message: "!", retryAfterMs: 300 });
  world.peer.sent;
  await world.clock.advance(299);
  assert.deepEqual(world.peer.sent, []);
  await world.clock.advance(1);
  assert.deepEqual(types(world.peer.sent), ["join"]);
  await world.peer.says({ type: "error", id: 3, request: "join", room: "lobby", code: "unavailable", message: "!", retryAfterMs: 60_000 });
  const error = await failure(joining);
  assert.deepEqual([error.code, error.retryAfterMs], ["unavailable", 60_000]);
  await world.clock.advance(10_000);
  assert.deepEqual(world.peer.sent, [], "nobody waits for it any more");
});

test("join_without_an_answer_times_out_and_an_answer_that_comes_late_is_undone", async () => {
  const joining = world.client.join("lobby");
  await world.clock.advance(10_000);
  assert.equal((await failure(joining)).code, "timeout");
  world.peer.sent;
  await world.peer.says(joinedFrame("lobby", 2));
  assert.deepEqual(world.peer.sent, [{ type: "leave", room: "lobby" }]);
});

test("join_waits_for_a_connection_within_its_time_out", async () => {
  await world.peer.ends();
  const joining = world.client.join("lobby");
  const late = world.client.join("other", { timeoutMs: 50 });
  await world.clock.advance(100);
  assert.equal((await failure(late)).code, "timeout");
  assert.deepEqual(await world.connected(), [{ type: "join", id: 2, room: "lobby" }]);
  await world.peer.says(joinedFrame("lobby", 2));
  assert.equal((await joining).id, "lobby");
});

for (const id of ["", "a\nb", "\u0085", "x".repeat(129), "😀".repeat(129), 7, null, undefined, {}]) {
  test(`join_of_a_bad_room_id_is_refused_without_a_frame: ${String(id).slice(0, 9)}`, async () => {
    assert.equal((await failure(world.client.join(id))).code, "bad_room");
    world.peer.sent;
    assert.deepEqual(world.peer.sent, []);
  });
}

test("room_ids_are_counted_in_code_points_and_may_be_anything_else", async () => {
  for (const id of ["😀".repeat(128), "__proto__", "constructor", "a b", "*{}:\"'"]) {
    const { room } = await world.joined(id);
    assert.equal(room.id, id);
  }
});

test("join_of_what_is_no_json_is_refused", async () => {
  assert.equal((await failure(world.client.join("lobby", { member: { f: Number.NaN } }))).code, "bad_request");
});

test("join_again_gives_the_same_room_in_sync_anew", async () => {
  const { room } = await world.joined("lobby", { member: 1 }, { offset: 4 });
  const again = world.client.join("lobby", { members: "count" });
  assert.deepEqual(world.peer.sent, [
    { type: "join", id: 3, room: "lobby", member: 1, members: "count", resume: { epoch: "e1", offset: 4, version: 0 } },
  ]);
  await world.peer.says(messageFrame(5), joinedFrame("lobby", 3, { offset: 5, resumed: true, messages: [{ offset: 5, at: 5, from: "m2", data: 5 }] }));
  assert.equal(await again, room);
});

test("a_signal_ends_a_join", async () => {
  const controller = new AbortController();
  const joining = world.client.join("lobby", { signal: controller.signal });
  controller.abort(new Error("enough"));
  assert.equal((await failure(joining)).message, "enough");
  assert.equal((await failure(world.client.join("lobby", { signal: controller.signal }))).message, "enough");
});

test("leave_is_answered_and_nothing_of_the_room_is_told_behind_it", async () => {
  const { room, heard } = await world.joined();
  const leaving = room.leave();
  assert.deepEqual(world.peer.sent, [{ type: "leave", id: 3, room: "lobby" }]);
  await world.peer.says(messageFrame(1), { type: "left", room: "lobby", id: 3 });
  await leaving;
  assert.deepEqual(heard, [["left", { reason: "left" }]]);
  assert.equal(room.status, "left");
  assert.equal((await failure(room.publish(1))).code, "left");
  await room.leave();
});

test("leave_without_a_connection_is_sent_with_the_next_one_and_before_a_new_join_of_the_room", async () => {
  const { room } = await world.joined();
  await world.joined("other");
  await world.peer.ends();
  const leaving = room.leave();
  const rejoining = world.client.join("lobby");
  await world.clock.advance(100);
  const sent = await world.connected({ restored: true });
  assert.deepEqual(sent.map(({ type, room }) => `${type} ${room}`), ["join other", "leave lobby", "join lobby"]);
  await world.peer.says({ type: "left", room: "lobby", id: 3 }, joinedFrame("lobby", 4, { memberId: "m7" }));
  await leaving;
  assert.equal((await rejoining).memberId, "m7");
  assert.notEqual(await rejoining, room);
});

test("removed_by_the_server_is_told_with_its_word", async () => {
  const { room, heard } = await world.joined();
  const asking = room.history();
  const reading = failure(room.messages().next());
  await world.peer.says({ type: "left", room: "lobby", reason: "kicked" });
  assert.deepEqual(heard.map(([event, { reason, detail, error }]) => [event, reason, detail, error.code]), [["left", "removed", "kicked", "left"]]);
  assert.equal((await failure(asking)).code, "not_member");
  assert.equal((await reading).code, "left");
});

test("a_later_join_that_is_refused_ends_the_room", async () => {
  const { room, heard } = await world.joined();
  await world.peer.ends();
  const asking = room.history();
  await world.clock.advance(100);
  const [join] = await world.connected();
  await world.peer.says({ type: "error", id: join.id, request: "join", room: "lobby", code: "room_full", message: "Full." });
  assert.deepEqual(heard.map(([event, { reason, detail }]) => [event, reason, detail]), [["left", "refused", "room_full"]]);
  assert.equal((await failure(asking)).code, "room_full");
});

test("a_later_join_that_is_refused_for_now_is_repeated_for_as_long_as_it_takes", async () => {
  const { room } = await world.joined();
  let [join] = await world.again();
  for (let times = 0; times < 3; times++) {
    await world.peer.says({ type: "error", id: join.id, request: "join", room: "lobby", code: "unavailable", message: "!", retryAfterMs: 9_000 });
    assert.equal(room.status, "rejoining");
    await world.clock.advance(9_000);
    join = world.peer.sent.find(({ type }) => type === "join");
  }
  await world.peer.says(joinedFrame("lobby", join.id, { resumed: true, messages: [] }));
  assert.equal(room.status, "joined");
});

test("closing_the_client_ends_the_rooms_and_what_waits", async () => {
  const { room, heard } = await world.joined();
  const calls = [room.publish(1), room.update({ set: { a: 1 } }), room.history(), room.setMember(1), room.fetchMembers()];
  world.client.close();
  for (const call of calls) assert.equal((await failure(call)).code, "closed");
  assert.deepEqual(heard, [["left", { reason: "closed" }]]);
  for (const call of [room.publish(1), room.update({ set: { a: 1 } }), room.history(), room.leave(), room.setMember(1)]) {
    assert.equal((await failure(call)).code, "closed");
  }
});

// ---- Messages ----------------------------------------------------------------------------------------------------------

test("messages_come_in_order_and_once", async () => {
  const { heard } = await world.joined("lobby", {}, { offset: 5 });
  await world.peer.says(messageFrame(6), messageFrame(6), messageFrame(4), messageFrame(7), { type: "message", room: "lobby", at: 5, data: "passing" }, messageFrame(8));
  assert.deepEqual(dataOf(heard), [6, 7, "passing", 8]);
});

test("a_frame_of_messages_is_its_entries", async () => {
  const { heard } = await world.joined();
  await world.peer.says({ type: "messages", room: "lobby", messages: [{ offset: 1, at: 1, data: "a" }, { offset: 2, at: 1, data: "b" }] });
  assert.deepEqual(dataOf(heard), ["a", "b"]);
});

test("a_hole_is_not_guessed_over_but_asked_for", async () => {
  const { room, heard } = await world.joined("lobby", {}, { offset: 5 });
  await world.peer.says(messageFrame(7));
  assert.deepEqual(world.peer.sent, [{ type: "join", id: 3, room: "lobby", resume: { epoch: "e1", offset: 5, version: 0 } }]);
  assert.equal(room.status, "rejoining");
  await world.peer.says(messageFrame(8));
  const missed = [6, 7, 8].map((offset) => ({ offset, at: 5, from: "m2", data: offset }));
  await world.peer.says(joinedFrame("lobby", 3, { offset: 8, resumed: true, messages: missed, state: { set: {}, since: 0, versions: {} } }), messageFrame(9));
  assert.deepEqual(dataOf(heard), [6, 7, 8, 9]);
  assert.deepEqual(heard.at(-2), ["resumed", { messages: 3, restored: true }]);
});

test("a_published_of_my_own_without_echo_counts_as_seen", async () => {
  const { room, heard } = await world.joined();
  const publishing = room.publish("mine", { echo: false });
  const [{ id }] = world.peer.sent;
  await world.peer.says({ type: "published", room: "lobby", id, offset: 1 }, messageFrame(2));
  assert.equal(await publishing, 1);
  await room.publish("mine", { echo: false, confirm: false });
  await world.peer.says({ type: "published", room: "lobby", offset: 3 }, messageFrame(4));
  assert.deepEqual(dataOf(heard), [2, 4]);
});

test("a_published_with_echo_does_not_stand_for_the_message", async () => {
  const { room, heard } = await world.joined();
  room.publish("mine");
  const [{ id }] = world.peer.sent;
  await world.peer.says({ type: "published", room: "lobby", id, offset: 1 }, messageFrame(1));
  assert.deepEqual(dataOf(heard), [1]);
});

test("resume_hands_over_what_was_missed_and_then_says_so", async () => {
  const { heard } = await world.joined("lobby", {}, { offset: 5, version: 3 });
  const sent = await world.again({ restored: true });
  assert.deepEqual(sent, [{ type: "join", id: 2, room: "lobby", resume: { epoch: "e1", offset: 5, version: 3 } }]);
  await world.peer.says(messageFrame(7), joinedFrame("lobby", 2, {
    offset: 7, version: 3, resumed: true, state: { set: {}, since: 3, versions: {} },
    messages: [messageFrame(6), messageFrame(7)],
  }), messageFrame(8));
  assert.deepEqual(heard.map(([event, { data, messages }]) => [event, data ?? messages]), [["message", 6], ["message", 7], ["resumed", 2], ["message", 8]]);
  assert.equal(heard[2][1].restored, true);
});

test("resume_that_fails_is_a_gap_and_only_what_is_new_is_handed_over", async () => {
  const { heard } = await world.joined("lobby", { history: 3 }, { offset: 5 });
  await world.again();
  await world.peer.says(joinedFrame("lobby", 2, { offset: 9, resumed: false, reason: "trimmed", memberId: "m2", messages: [messageFrame(5), messageFrame(8), messageFrame(9)] }));
  assert.deepEqual(heard.map(([event, { data, after }]) => [event, data ?? after]), [["gap", 5], ["message", 8], ["message", 9]]);
  assert.deepEqual(heard[0][1], { after: 5, before: 8, reason: "trimmed" });
});

test("another_epoch_is_a_gap_and_a_fresh_start", async () => {
  const { room, heard } = await world.joined("lobby", {}, { offset: 5 });
  await world.again();
  await world.peer.says(joinedFrame("lobby", 2, { epoch: "e2", offset: 1, resumed: false, reason: "epoch", messages: [messageFrame(1)] }), messageFrame(2));
  assert.deepEqual(heard.map(([event, { data, reason }]) => [event, data ?? reason]), [["gap", "epoch"], ["message", 1], ["message", 2]]);
  assert.deepEqual([room.epoch, room.offset], ["e2", 2]);
});

test("a_gap_frame_is_told_in_its_place", async () => {
  const { heard } = await world.joined("lobby", {}, { offset: 57 });
  await world.peer.says({ type: "gap", room: "lobby", after: 57, before: 61 }, messageFrame(61));
  assert.deepEqual(heard.map(([event, detail]) => [event, detail.data ?? detail]), [["gap", { after: 57, before: 61, reason: "slow_consumer" }], ["message", 61]]);
});

test("data_with_a_key_of_proto_stays_data", async () => {
  const { heard } = await world.joined();
  await world.peer.saysRaw('{"type":"message","room":"lobby","offset":1,"at":1,"data":{"__proto__":{"admin":true}},"__proto__":{"x":1}}');
  const [[, message]] = heard;
  assert.equal(message.data.admin, undefined);
  assert.deepEqual(Object.keys(message.data), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(message), Object.prototype);
  assert.equal({}.x, undefined);
});

test("a_listener_that_leaves_hears_no_more", async () => {
  const { room, heard } = await world.joined();
  room.on("message", () => room.leave());
  await world.peer.says({ type: "messages", room: "lobby", messages: [messageFrame(1), messageFrame(2)] });
  assert.deepEqual(dataOf(heard), [1]);
});

test("iteration_gives_messages_from_here_on_and_ends_with_the_room", async () => {
  const { room } = await world.joined();
  const read = [];
  const reading = (async () => {
    for await (const { data } of room) read.push(data);
  })();
  await world.peer.says(messageFrame(1), messageFrame(2));
  await world.peer.says(messageFrame(3));
  assert.deepEqual(read, [1, 2, 3]);
  room.leave();
  await reading;
});

test("iteration_ends_with_the_error_where_nobody_asked_for_the_end", async () => {
  const { room } = await world.joined();
  const reading = failure(room.messages().next());
  await world.peer.ends(4501);
  assert.equal((await reading).code, "closed");
});

test("an_iterator_that_is_read_too_slowly_overflows_at_that_point", async () => {
  await world.end();
  world = new World({ bufferMessages: 3 });
  await world.connected();
  const { room, heard } = await world.joined();
  const messages = room.messages();
  for (let offset = 1; offset <= 5; offset++) await world.peer.says(messageFrame(offset));
  for (const data of [1, 2, 3]) assert.equal((await messages.next()).value.data, data);
  assert.equal((await failure(messages.next())).code, "overflow");
  assert.equal((await messages.next()).done, true);
  assert.equal(dataOf(heard).length, 5, "listeners have no buffer");
});

test("an_iterator_ends_by_break_and_by_signal", async () => {
  const { room } = await world.joined();
  const reading = (async () => {
    for await (const message of room) return message.data;
  })();
  await world.peer.says(messageFrame(1), messageFrame(2));
  assert.equal(await reading, 1);
  const controller = new AbortController();
  const next = failure(room.messages({ signal: controller.signal }).next());
  controller.abort(new Error("enough"));
  assert.equal((await next).message, "enough");
});

// ---- Members -----------------------------------------------------------------------------------------------------------

test("members_are_the_list_and_its_news", async () => {
  const { room, heard } = await world.joined("lobby", { members: true }, { count: 2, members: [{ id: "m0" }, { id: "m1" }] });
  await world.peer.says({
    type: "members", room: "lobby", joined: [{ id: "m2", user: "kim" }], left: ["m0", "m9"], changed: [{ id: "m1", member: 1 }], count: 2,
  });
  assert.deepEqual([...room.members.values()], [{ id: "m1", member: 1 }, { id: "m2", user: "kim" }]);
  assert.deepEqual(heard, [["members", { joined: [{ id: "m2", user: "kim" }], left: ["m0", "m9"], changed: [{ id: "m1", member: 1 }], count: 2 }]]);
});

test("members_after_a_rejoin_are_told_as_a_difference", async () => {
  const { heard } = await world.joined("lobby", { members: true }, { count: 3, members: [{ id: "m0" }, { id: "m1" }, { id: "m2" }] });
  await world.again({ restored: true });
  const members = [{ id: "m1" }, { id: "m2", member: "x" }, { id: "m3" }];
  await world.peer.says(joinedFrame("lobby", 2, { count: 3, members, resumed: true, messages: [] }));
  assert.deepEqual(heard[1], ["members", { joined: [{ id: "m3" }], left: ["m0"], changed: [{ id: "m2", member: "x" }], count: 3 }]);
  await world.again({ restored: true });
  await world.peer.says(joinedFrame("lobby", 2, { count: 3, members, resumed: true, messages: [] }));
  assert.deepEqual(heard.map(([event]) => event), ["resumed", "members", "resumed"], "nothing has changed");
});

test("members_as_count_only_and_a_room_too_large_for_a_list", async () => {
  const { room, heard } = await world.joined("lobby", { members: true }, { count: 30_000 });
  assert.equal(room.members, undefined);
  await world.peer.says({ type: "members", room: "lobby", count: 30_001 });
  assert.equal(room.count, 30_001);
  assert.deepEqual(heard, [["members", { joined: [], left: [], changed: [], count: 30_001 }]]);
});

test("members_in_pages_are_put_together_before_anybody_sees_them", async () => {
  const joining = world.client.join("lobby", { members: true });
  await world.peer.says(joinedFrame("lobby", 2, { count: 2, members: [{ id: "m0" }], more: true }));
  let isJoined = false;
  joining.then(() => (isJoined = true));
  await settled();
  assert.equal(isJoined, false);
  await world.peer.says({ type: "snapshot", room: "lobby", members: [{ id: "m1" }], more: false });
  assert.deepEqual([...(await joining).members.keys()], ["m0", "m1"]);
});

test("setMember_is_told_and_used_by_later_joins", async () => {
  const { room } = await world.joined("lobby", { member: "old" });
  const telling = room.setMember("new");
  assert.deepEqual(world.peer.sent, [{ type: "member", id: 3, room: "lobby", member: "new" }]);
  await world.peer.says({ type: "ok", id: 3, room: "lobby" });
  await telling;
  const [join] = await world.again();
  assert.equal(join.member, "new");
  assert.equal((await failure(room.setMember(undefined))).code, "bad_request");
});

test("fetchMembers_and_history_ask_once", async () => {
  const { room } = await world.joined();
  const asking = [room.fetchMembers({ after: "m1", limit: 2 }), room.history({ after: 1, limit: 2 })];
  assert.deepEqual(world.peer.sent, [
    { type: "members", id: 3, room: "lobby", after: "m1", limit: 2 },
    { type: "history", id: 4, room: "lobby", after: 1, limit: 2 },
  ]);
  await world.peer.says(
    { type: "members", room: "lobby", id: 3, count: 8, members: [{ id: "m4" }], more: true },
    { type: "history", room: "lobby", id: 4, epoch: "e1", messages: [{ offset: 2, at: 1, from: "m1", data: "x" }], more: false },
  );
  assert.deepEqual(await asking[0], { members: [{ id: "m4" }], count: 8, more: true });
  assert.deepEqual(await asking[1], { messages: [{ offset: 2, at: 1, from: "m1", data: "x", mine: true }], more: false });
});

// ---- State -------------------------------------------------------------------------------------------------------------

const STATE = { set: { a: 1, b: 2 }, versions: { a: 3, b: 5 } };

function contents(state) {
  return [...state].map(([key, value]) => [key, value, state.versionOf(key)]);
}

test("state_is_a_map_right_behind_every_frame", async () => {
  const { room, heard } = await world.joined("lobby", {}, { version: 5, state: STATE });
  assert.deepEqual(contents(room.state), [["a", 1, 3], ["b", 2, 5]]);
  assert.deepEqual([room.state.get("a"), room.state.has("x"), room.state.versionOf("x"), room.state.size], [1, false, 0, 2]);
  await world.peer.says({ type: "state", room: "lobby", version: 6, set: { a: 4, c: 1 }, delete: ["b", "nothing"], from: "m2" });
  assert.deepEqual(contents(room.state), [["a", 4, 6], ["c", 1, 6]]);
  const [[, event]] = heard;
  assert.deepEqual([event.version, event.from], [6, "m2"]);
  assert.deepEqual(byKey(event.changes), [
    { key: "a", value: 4, deleted: false, version: 6 },
    { key: "b", deleted: true, version: 6 },
    { key: "c", value: 1, deleted: false, version: 6 },
  ]);
});

function byKey(changes) {
  return [...changes].sort((one, other) => (one.key < other.key ? -1 : 1));
}

test("state_merged_has_a_version_for_each_key", async () => {
  const { room } = await world.joined("lobby", {}, { version: 5, state: STATE });
  await world.peer.says({ type: "state", room: "lobby", version: 9, since: 5, set: { a: 6 }, versions: { a: 7 } });
  assert.deepEqual(contents(room.state), [["a", 6, 7], ["b", 2, 5]]);
  assert.equal(room.state.version, 9);
});

test("state_with_a_hole_is_joined_again", async () => {
  const { room, heard } = await world.joined("lobby", {}, { version: 5, state: STATE });
  await world.peer.says({ type: "state", room: "lobby", version: 7, set: { a: 6 } });
  assert.deepEqual(world.peer.sent, [{ type: "join", id: 3, room: "lobby", resume: { epoch: "e1", offset: 0, version: 5 } }]);
  await world.peer.says({ type: "state", room: "lobby", version: 8, set: { a: 8 } });
  assert.deepEqual(world.peer.sent, [], "what is behind the hole asks for nothing more");
  await world.peer.says(joinedFrame("lobby", 3, { version: 7, resumed: true, messages: [], state: { set: { a: 6 }, delete: ["b"], since: 5, versions: { a: 7 } } }));
  assert.deepEqual(contents(room.state), [["a", 6, 7]]);
  assert.deepEqual(heard.map(([event]) => event), ["resumed", "state"]);
});

test("state_that_comes_whole_after_a_rejoin_is_told_as_a_difference", async () => {
  const { room, heard } = await world.joined("lobby", {}, { version: 5, state: STATE });
  await world.again();
  await world.peer.says(joinedFrame("lobby", 2, {
    epoch: "e2", version: 5, resumed: false, reason: "epoch", state: { set: { a: 1, b: 3 }, versions: { a: 3, b: 5 } },
  }));
  assert.deepEqual(heard[1], ["state", { changes: [{ key: "b", value: 3, version: 5, deleted: false }], version: 5 }]);
  assert.deepEqual(contents(room.state), [["a", 1, 3], ["b", 3, 5]]);
});

test("state_in_pages_is_put_together_before_anybody_sees_it", async () => {
  const { room, heard } = await world.joined("lobby", {}, { version: 5, state: STATE });
  await world.again();
  await world.peer.says(joinedFrame("lobby", 2, { version: 8, resumed: true, messages: [], more: true, state: { set: { c: 1 }, versions: { c: 8 } } }));
  assert.deepEqual(contents(room.state), [["a", 1, 3], ["b", 2, 5]], "a connection that breaks here has lost nothing");
  const [{ resume }] = await world.again();
  assert.deepEqual(resume, { epoch: "e1", offset: 0, version: 5 });
  await world.peer.says(joinedFrame("lobby", 2, { version: 8, resumed: true, messages: [], more: true, state: { set: { c: 1 }, versions: { c: 8 } } }));
  await world.peer.says({ type: "snapshot", room: "lobby", state: { set: { d: 1 }, versions: { d: 7 } }, more: false });
  assert.deepEqual(contents(room.state), [["c", 1, 8], ["d", 1, 7]]);
  assert.deepEqual(heard.map(([event]) => event), ["resumed", "state"]);
});

test("state_keys_are_data", async () => {
  const joining = world.client.join("lobby");
  await world.peer.saysRaw('{"type":"joined","room":"lobby","id":2,"memberId":"m1","epoch":"e1","offset":0,"version":5,"count":1,"state":{"set":{"__proto__":{"x":1},"constructor":2},"versions":{"constructor":4}}}');
  const { state } = await joining;
  assert.deepEqual(state.get("__proto__"), { x: 1 });
  assert.deepEqual([state.versionOf("__proto__"), state.versionOf("constructor"), state.versionOf("toString")], [5, 4, 0]);
  assert.equal(state.get("toString"), undefined);
});

test("state_of_one_key_is_given_now_and_after_each_change", async () => {
  const { room } = await world.joined("lobby", {}, { version: 5, state: STATE });
  const seen = [];
  const off = room.state.subscribe("a", (value, change) => seen.push([value, change?.version]));
  await world.peer.says({ type: "state", room: "lobby", version: 6, set: { b: 4 } }, { type: "state", room: "lobby", version: 7, set: { a: 4 } });
  await world.peer.says({ type: "state", room: "lobby", version: 8, delete: ["a"] });
  off();
  await world.peer.says({ type: "state", room: "lobby", version: 9, set: { a: 5 } });
  assert.deepEqual(seen, [[1, undefined], [4, 7], [undefined, 8]]);
});

test("update_is_done_when_the_state_shows_it", async () => {
  const { room } = await world.joined("lobby", {}, { version: 5, state: STATE });
  let done;
  room.update({ set: { a: 9 }, delete: ["b"], add: { n: 1 }, own: true }, { if: { a: 3 } }).then((result) => (done = result));
  assert.deepEqual(world.peer.sent, [
    { type: "update", id: 3, room: "lobby", set: { a: 9 }, delete: ["b"], add: { n: 1 }, own: true, if: { a: 3 } },
  ]);
  await world.peer.says({ type: "updated", room: "lobby", id: 3, version: 6, values: { n: 1 } });
  assert.equal(done, undefined);
  await world.peer.says({ type: "state", room: "lobby", version: 6, set: { a: 9, n: 1 }, delete: ["b"] });
  assert.deepEqual(done, { version: 6, values: { n: 1 } });
});

test("update_is_done_at_once_where_the_state_is_not_taken", async () => {
  const { room } = await world.joined("lobby", { state: false }, { version: 5, state: undefined });
  const updating = room.update({ set: { a: 9 } });
  await world.peer.says({ type: "updated", room: "lobby", id: 3, version: 6 });
  assert.deepEqual(await updating, { version: 6, values: {} });
  const [join] = await world.again();
  assert.deepEqual(join.resume, { epoch: "e1", offset: 0 });
});

test("update_in_conflict_says_what_there_is", async () => {
  const { room } = await world.joined("lobby", {}, { version: 5, state: STATE });
  const updating = room.update({ set: { a: 9 } }, { if: { a: 2 } });
  await world.peer.says({ type: "error", id: 3, request: "update", room: "lobby", code: "conflict", message: "!", current: { a: { version: 3, value: 1 } } });
  const error = await failure(updating);
  assert.deepEqual([error.code, error.current], ["conflict", { a: { version: 3, value: 1 } }]);
});

test("update_whose_connection_ends_is_unconfirmed_and_one_that_was_not_sent_waits", async () => {
  const { room } = await world.joined("lobby", {}, { version: 5, state: STATE });
  const sent = room.update({ set: { a: 9 } });
  await world.peer.ends();
  assert.equal((await failure(sent)).code, "unconfirmed");
  const waiting = room.update({ set: { a: 10 } });
  await world.clock.advance(100);
  const frames = await world.connected({ restored: true });
  assert.deepEqual(types(frames), ["join", "update"]);
  await world.peer.says(joinedFrame("lobby", 2, { version: 5, resumed: true, messages: [], state: { set: {}, since: 5, versions: {} } }));
  await world.peer.says({ type: "state", room: "lobby", version: 6, set: { a: 10 } }, { type: "updated", room: "lobby", id: 3, version: 6 });
  assert.equal((await waiting).version, 6);
});
