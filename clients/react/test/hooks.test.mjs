import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import * as React from "react";
import { act, create } from "react-test-renderer";
import { useMembers, useRoom, useRoomState } from "../dist/index.js";
import { failure, joinedFrame, settled, World } from "../../typescript/test/world.mjs";

const { Activity, createElement, StrictMode } = React;

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const { error: tell } = console;
console.error = (...words) => String(words[0]).includes("react-test-renderer is deprecated") || tell(...words);

let world;
let renderers;
beforeEach(async () => {
  renderers = [];
  world = new World();
  await world.connected();
});
afterEach(async () => {
  for (const renderer of renderers) await act(async () => renderer.unmount());
  await world.clock.advance(0); // rooms are left a turn later
  await world.end();
});

/** Renders a component that has one hook; `seen.now` is what the hook gives. */
async function show(useIt, { strict = false, children = () => null } = {}) {
  const seen = { all: [] };
  const Component = () => {
    seen.now = useIt();
    seen.all.push(seen.now);
    return children();
  };
  const element = () => (strict ? createElement(StrictMode, null, createElement(Component)) : createElement(Component));
  await act(async () => {
    seen.renderer = create(element());
  });
  seen.again = () => act(async () => seen.renderer.update(element()));
  renderers.push(seen.renderer);
  return seen;
}

function says(...frames) {
  return act(() => world.peer.says(...frames));
}

async function roomWith(state, versions, fields = {}) {
  const { room } = await world.joined("lobby", {}, { version: 5, state: { set: state, versions }, ...fields });
  return room;
}

// ---- useRoom -----------------------------------------------------------------------------------------------------------

test("useRoom_joins_and_leaves_with_the_component", async () => {
  const seen = await show(() => useRoom(world.client, "lobby", { members: true }));
  assert.deepEqual([seen.now.room, seen.now.status], [undefined, "joining"]);
  assert.deepEqual(world.peer.sent, [{ type: "join", id: 2, room: "lobby", members: true }]);
  await says(joinedFrame("lobby", 2, { members: [{ id: "m1" }] }));
  assert.deepEqual([seen.now.room.id, seen.now.status], ["lobby", "joined"]);
  await act(async () => seen.renderer.unmount());
  await world.clock.advance(0);
  assert.deepEqual(world.peer.sent, [{ type: "leave", id: 3, room: "lobby" }]);
});

test("useRoom_in_strict_mode_and_in_two_components_joins_once", async () => {
  const one = await show(() => useRoom(world.client, "lobby"), { strict: true });
  const two = await show(() => useRoom(world.client, "lobby"));
  await world.clock.advance(0);
  assert.deepEqual(world.peer.sent.map(({ type }) => type), ["join"]);
  await says(joinedFrame("lobby", 2));
  assert.equal(one.now.room, two.now.room);
  await act(async () => one.renderer.unmount());
  await world.clock.advance(0);
  assert.deepEqual(world.peer.sent, [], "the other one is still there");
  await act(async () => two.renderer.unmount());
  await world.clock.advance(0);
  assert.deepEqual(world.peer.sent.map(({ type }) => type), ["leave"]);
});

test("useRoom_that_goes_while_it_joins_leaves_behind_the_answer", async () => {
  const seen = await show(() => useRoom(world.client, "lobby"));
  await act(async () => seen.renderer.unmount());
  await world.clock.advance(0);
  assert.deepEqual(world.peer.sent.map(({ type }) => type), ["join"]);
  await says(joinedFrame("lobby", 2));
  assert.deepEqual(world.peer.sent.map(({ type }) => type), ["leave"]);
});

test("useRoom_tells_of_breaks_and_of_the_end", async () => {
  const seen = await show(() => useRoom(world.client, "lobby"));
  await says(joinedFrame("lobby", 2));
  await act(() => world.peer.ends());
  assert.equal(seen.now.status, "rejoining");
  await act(async () => world.clock.advance(100));
  await act(() => world.connected({ restored: true }));
  await says(joinedFrame("lobby", 2, { resumed: true, messages: [] }));
  assert.equal(seen.now.status, "joined");
  await says({ type: "left", room: "lobby", reason: "kicked" });
  assert.deepEqual([seen.now.status, seen.now.error.code], ["left", "left"]);
});

test("useRoom_refused_says_why", async () => {
  const seen = await show(() => useRoom(world.client, "lobby"));
  await says({ type: "error", id: 2, request: "join", room: "lobby", code: "room_full", message: "Full." });
  assert.deepEqual([seen.now.status, seen.now.error.code, seen.now.room], ["left", "room_full", undefined]);
});

test("useRoom_of_another_id_leaves_the_one_and_joins_the_other_with_the_options_of_then", async () => {
  let props = { id: "one", options: { members: true } };
  const seen = await show(() => useRoom(world.client, props.id, props.options), { strict: true });
  await says(joinedFrame("one", 2, { members: [{ id: "m1" }] }));
  world.peer.sent;
  props = { id: "two", options: { history: 3 } };
  await seen.again();
  await act(() => world.clock.advance(0));
  assert.deepEqual([seen.now.room, seen.now.status], [undefined, "joining"]);
  const [join, leave] = world.peer.sent;
  assert.deepEqual(join, { type: "join", id: 3, room: "two", history: 3 });
  assert.deepEqual(leave, { type: "leave", id: 4, room: "one" });
  await says({ type: "left", room: "one", id: 4 }, joinedFrame("two", 3));
  assert.deepEqual([seen.now.room.id, seen.now.status], ["two", "joined"]);
});

test("useRoom_joins_anew_behind_the_last_one_with_the_options_of_the_next", async () => {
  const one = await show(() => useRoom(world.client, "lobby", { members: true }));
  await says(joinedFrame("lobby", 2, { members: [{ id: "m1" }] }));
  await act(async () => one.renderer.unmount());
  await world.clock.advance(0);
  world.peer.sent;
  const two = await show(() => useRoom(world.client, "lobby", { history: 3 }));
  assert.deepEqual([two.all[0].room, two.all[0].status], [undefined, "joining"]);
  assert.deepEqual(world.peer.sent, [{ type: "join", id: 4, room: "lobby", history: 3 }]);
});

test("useRoom_that_was_refused_and_is_gone_tells_the_next_one_nothing_of_it", async () => {
  const one = await show(() => useRoom(world.client, "lobby"));
  await act(async () => one.renderer.unmount());
  await world.clock.advance(0);
  await says({ type: "error", id: 2, request: "join", room: "lobby", code: "room_full", message: "Full." });
  const two = await show(() => useRoom(world.client, "lobby"));
  assert.deepEqual([...new Set(two.all.map(({ status }) => status))], ["joining"]);
});

test("useRoom_that_is_hidden_and_shown_again_shares_its_room_with_who_came_meanwhile", { skip: !Activity }, async () => {
  let mode = "visible";
  let seen;
  const Inner = () => ((seen = useRoom(world.client, "lobby")), null);
  const outer = await show(() => undefined, { children: () => createElement(Activity, { mode }, createElement(Inner)) });
  await says(joinedFrame("lobby", 2));
  mode = "hidden";
  await outer.again();
  await act(() => world.clock.advance(0));
  const other = await show(() => useRoom(world.client, "lobby"));
  assert.deepEqual(world.peer.sent.map(({ type }) => type), ["join", "leave", "join"]);
  await says({ type: "left", room: "lobby", id: 3 }, joinedFrame("lobby", 4, { memberId: "m2" }));
  mode = "visible";
  await outer.again();
  await act(() => world.clock.advance(0));
  assert.deepEqual([seen.room, seen.status], [other.now.room, "joined"]);
  await act(async () => other.renderer.unmount());
  await act(() => world.clock.advance(0));
  assert.deepEqual(world.peer.sent, [], "it is still there");
  assert.equal(seen.status, "joined");
});

// ---- useMembers --------------------------------------------------------------------------------------------------------

test("useMembers_is_the_list", async () => {
  const { room } = await world.joined("lobby", { members: true }, { count: 1, members: [{ id: "m1" }] });
  const seen = await show(() => useMembers(room));
  assert.deepEqual(seen.now, [{ id: "m1" }]);
  await says({ type: "members", room: "lobby", joined: [{ id: "m2" }], count: 2 });
  assert.deepEqual(seen.now.map(({ id }) => id), ["m1", "m2"]);
  const nobody = await show(() => useMembers(undefined));
  assert.deepEqual(nobody.now, []);
});

// ---- useRoomState ------------------------------------------------------------------------------------------------------

test("useRoomState_shows_the_room_s_state", async () => {
  const room = await roomWith({ a: 1 }, { a: 5 });
  const seen = await show(() => useRoomState(room));
  assert.deepEqual([...seen.now[0]], [["a", 1]]);
  await says({ type: "state", room: "lobby", version: 6, set: { b: 2 } });
  assert.deepEqual([...seen.now[0]], [["a", 1], ["b", 2]]);
});

test("useRoomState_of_a_key_renders_for_that_key_only", async () => {
  const room = await roomWith({ a: 1 }, { a: 5 });
  const seen = await show(() => useRoomState(room, "a"));
  const renders = seen.all.length;
  await says({ type: "state", room: "lobby", version: 6, set: { b: 2 } });
  assert.equal(seen.all.length, renders);
  await says({ type: "state", room: "lobby", version: 7, set: { a: 2 } });
  assert.equal(seen.now[0], 2);
});

test("an_update_is_shown_at_once_and_stays_when_it_is_confirmed", async () => {
  const room = await roomWith({ a: 1 }, { a: 5 });
  const seen = await show(() => useRoomState(room, "a"));
  let done;
  await act(async () => {
    done = seen.now[1](2);
  });
  assert.deepEqual([seen.now[0], seen.now[2].isPending, room.state.get("a")], [2, true, 1]);
  const shown = seen.all.length;
  await says({ type: "state", room: "lobby", version: 6, set: { a: 2 }, from: "m1" }, { type: "updated", room: "lobby", id: 3, version: 6 });
  await act(() => done);
  assert.deepEqual([seen.now[0], seen.now[2].isPending], [2, false]);
  assert.deepEqual([...new Set(seen.all.slice(shown).map(([value]) => value))], [2], "it never flickers");
});

test("an_update_that_is_refused_is_rolled_back", async () => {
  const room = await roomWith({ a: 1 }, { a: 5 });
  const seen = await show(() => useRoomState(room));
  let refused;
  await act(async () => {
    refused = failure(seen.now[1].update({ set: { a: 2 }, delete: ["b"] }));
  });
  assert.deepEqual([...seen.now[0]], [["a", 2]]);
  await says({ type: "state", room: "lobby", version: 6, set: { a: 7, c: 1 }, from: "m2" });
  assert.deepEqual([...seen.now[0]], [["a", 2], ["c", 1]], "mine stays laid over what others do");
  await says({ type: "error", id: 3, request: "update", room: "lobby", code: "not_allowed", message: "No." });
  assert.equal((await refused).code, "not_allowed");
  assert.deepEqual([...seen.now[0]], [["a", 7], ["c", 1]]);
  assert.equal(seen.now[1].isPending, false);
});

test("an_update_whose_connection_ends_is_rolled_back_to_what_the_server_says", async () => {
  const room = await roomWith({ a: 1 }, { a: 5 });
  const seen = await show(() => useRoomState(room, "a"));
  let lost;
  await act(async () => {
    lost = failure(seen.now[1](2));
  });
  await act(() => world.peer.ends());
  assert.equal((await lost).code, "unconfirmed");
  assert.equal(seen.now[0], 1);
});

test("sums_count_once", async () => {
  const room = await roomWith({ hits: 1 }, { hits: 5 });
  const seen = await show(() => useRoomState(room, "hits"));
  let done;
  await act(async () => {
    done = seen.now[2].update({ add: { hits: 1 } });
  });
  assert.equal(seen.now[0], 2);
  await says({ type: "state", room: "lobby", version: 6, set: { hits: 2 }, from: "m1" });
  assert.equal(seen.now[0], 2, "the state shows it, so it is not laid over it any more");
  await says({ type: "updated", room: "lobby", id: 3, version: 6, values: { hits: 2 } });
  await act(() => done);
  assert.equal(seen.now[0], 2);
});

test("a_function_of_what_is_there_overwrites_nobody_and_is_called_again_after_a_conflict", async () => {
  const room = await roomWith({ list: ["a"] }, { list: 5 });
  const seen = await show(() => useRoomState(room, "list"));
  let done;
  await act(async () => {
    done = seen.now[1]((list) => [...list, "mine"]);
  });
  assert.deepEqual(seen.now[0], ["a", "mine"]);
  assert.deepEqual(world.peer.sent, [{ type: "update", id: 3, room: "lobby", set: { list: ["a", "mine"] }, if: { list: 5 } }]);
  await says(
    { type: "state", room: "lobby", version: 6, set: { list: ["a", "theirs"] }, from: "m2" },
    { type: "error", id: 3, request: "update", room: "lobby", code: "conflict", message: "!", current: { list: { version: 6, value: ["a", "theirs"] } } },
  );
  assert.deepEqual(seen.now[0], ["a", "theirs", "mine"]);
  assert.deepEqual(world.peer.sent, [{ type: "update", id: 4, room: "lobby", set: { list: ["a", "theirs", "mine"] }, if: { list: 6 } }]);
  await says({ type: "state", room: "lobby", version: 7, set: { list: ["a", "theirs", "mine"] }, from: "m1" }, { type: "updated", room: "lobby", id: 4, version: 7 });
  await act(() => done);
  assert.deepEqual(seen.now[0], ["a", "theirs", "mine"]);
});

test("functions_of_one_key_go_one_after_the_other", async () => {
  const room = await roomWith({ n: 1 }, { n: 5 });
  const seen = await show(() => useRoomState(room, "n"));
  const done = [];
  await act(async () => {
    done.push(seen.now[1]((n) => n + 1), seen.now[1]((n) => n * 10));
  });
  assert.equal(seen.now[0], 20);
  assert.deepEqual(world.peer.sent.map(({ set }) => set), [{ n: 2 }]);
  await says({ type: "state", room: "lobby", version: 6, set: { n: 2 }, from: "m1" }, { type: "updated", room: "lobby", id: 3, version: 6 });
  await act(settled);
  assert.equal(seen.now[0], 20);
  assert.deepEqual(world.peer.sent.map(({ set, if: versions }) => [set, versions]), [[{ n: 20 }, { n: 6 }]]);
  await says({ type: "state", room: "lobby", version: 7, set: { n: 20 }, from: "m1" }, { type: "updated", room: "lobby", id: 4, version: 7 });
  await act(() => Promise.all(done));
  assert.equal(seen.now[0], 20);
});

test("undefined_deletes_the_key", async () => {
  const room = await roomWith({ a: 1 }, { a: 5 });
  const seen = await show(() => useRoomState(room, "a"));
  await act(async () => {
    seen.now[1](undefined);
  });
  assert.equal(seen.now[0], undefined);
  assert.deepEqual(world.peer.sent[0].delete, ["a"]);
});

test("without_a_room_there_is_no_state_and_an_update_says_so", async () => {
  const seen = await show(() => useRoomState(undefined, "a"));
  assert.equal(seen.now[0], undefined);
  let refused;
  await act(async () => {
    refused = failure(seen.now[1](1));
  });
  assert.equal((await refused).code, "not_member");
});
