// Drives the client for conformance/clients: commands a line on the input, answers and events a line on the output.
import { createInterface } from "node:readline";
import { connect } from "../dist/index.js";

const WebSocket = globalThis.WebSocket ?? (await import("ws")).WebSocket;
const FIELDS = ["code", "message", "room", "request", "retryAfterMs", "current", "closeCode"];
/** Rooms by their id, and the promises of their last joins. */
const rooms = new Map();
const joining = new Map();
let client;
let isOver = false;

function write(line) {
  if (isOver) return; // nobody reads any more
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function told(error) {
  const fields = FIELDS.filter((field) => error[field] !== undefined).map((field) => [field, error[field]]);
  return { code: error.name, message: String(error), ...Object.fromEntries(fields) };
}

function answer(as, promise) {
  promise.then((ok) => write({ as, ok: ok ?? {} }), (error) => write({ as, error: told(error) }));
}

/** The token provider: one after the other, the last one again and again; null fails. */
function tokensFrom(list) {
  let next = 0;
  return () => {
    const token = list[Math.min(next++, list.length - 1)];
    if (token === null) throw new Error("the test says so");
    return token;
  };
}

function connectWith(as, url, { random, tokens, ...options } = {}) {
  if (random !== undefined) options.random = () => random;
  if (tokens !== undefined) options.token = tokensFrom(tokens);
  try {
    client = connect(url, { ...options, WebSocket });
  } catch (error) {
    return write({ as, error: told(error) });
  }
  client.on("status", ({ status, error, closeCode }) => {
    write({ event: "status", status, ...(error && { code: error.code }), ...(closeCode && { closeCode }) });
  });
  client.on("error", ({ code, room }) => write({ event: "error", code, ...(room !== undefined && { room }) }));
}

function byKey(one, other) {
  return one.key < other.key ? -1 : one.key > other.key ? 1 : 0;
}

function watch(room) {
  const on = (event, detail) => room.on(event, (told) => write({ event, room: room.id, ...detail(told) }));
  on("message", (message) => ({ message }));
  on("members", ({ count, ...news }) => (room.members ? { ...news, count } : { count }));
  on("state", ({ changes, ...event }) => ({
    changes: changes
      .map(({ deleted, ...change }) => (deleted ? { ...change, deleted } : change))
      .sort(byKey),
    ...event,
  }));
  on("resumed", (told) => told);
  on("gap", (told) => told);
  on("left", ({ reason, detail }) => ({ reason, ...(detail !== undefined && { detail }) }));
  on("error", ({ code }) => ({ code }));
}

function join({ as, room: id, options }) {
  const joined = client.join(id, options);
  if (rooms.get(id)?.status === "left") rooms.delete(id);
  joining.set(id, joined);
  joined.then(
    (room) => {
      if (rooms.get(id) !== room) watch(room);
      rooms.set(id, room);
      write({ as, ok: { memberId: room.memberId, offset: room.offset, version: room.state.version, count: room.count } });
    },
    (error) => write({ as, error: told(error) }),
  );
}

/** What is done in a room happens at once, or behind the join that is under way. */
function inRoom({ as, room: id }, run) {
  const room = rooms.get(id);
  answer(as, room === undefined ? joining.get(id).then(run) : (async () => run(room))());
}

const COMMANDS = {
  connect: ({ as, url, options }) => connectWith(as, url, options),
  join,
  publish: (command) => inRoom(command, async (room) => {
    const offset = await room.publish(command.data, command.options);
    return offset === undefined ? {} : { offset };
  }),
  publishNoJson: (command) => inRoom(command, (room) => room.publish(() => {})),
  update: ({ set, delete: gone, add, own, if: versions, ...command }) =>
    inRoom(command, (room) => room.update({ set, delete: gone, add, own }, { if: versions })),
  setMember: (command) => inRoom(command, (room) => room.setMember(command.member)),
  history: (command) => inRoom(command, (room) => room.history(command.options)),
  fetchMembers: (command) => inRoom(command, (room) => room.fetchMembers(command.options)),
  leave: (command) => inRoom(command, (room) => room.leave()),
  members: (command) => inRoom(command, ({ members, count }) => ({ members: members ? [...members.values()] : null, count })),
  state: (command) => inRoom(command, ({ state }) => ({
    state: Object.fromEntries([...state].map(([key, value]) => [key, [value, state.versionOf(key)]])),
    version: state.version,
  })),
  close: ({ as }) => answer(as, client.close()),
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  COMMANDS[command.do](command);
}
isOver = true;
await client?.close(); // nothing else of it may keep the process alive
