// A world for one test: sockets that do what the test says, and a clock that goes on when the test says so.
import assert from "node:assert/strict";
import { connect } from "../dist/index.js";

/** Everything that is due in microtasks has happened. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

const real = { setTimeout, clearTimeout, now: performance.now, wall: Date.now };

/** Takes the place of the platform's clock. Timers run in the order in which they are due. */
export class FakeClock {
  #now = 1_000;
  #wallAhead = 1_795_521_600_000;
  #timers = new Map();
  #lastId = 0;

  constructor() {
    // As the platform has it, what is no time is at once.
    globalThis.setTimeout = (run, ms) => {
      this.#timers.set(++this.#lastId, { at: this.#now + (ms >= 0 ? ms : 1), run });
      return this.#lastId;
    };
    globalThis.clearTimeout = (id) => this.#timers.delete(id);
    performance.now = () => this.#now;
    Date.now = () => this.#now + this.#wallAhead;
  }

  restore() {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    performance.now = real.now;
    Date.now = real.wall;
  }

  get timers() {
    return this.#timers.size;
  }

  get now() {
    return this.#now;
  }

  /** The machine sleeps, or somebody sets the clock: the wall goes on, timers do not. */
  jump(ms) {
    this.#wallAhead += ms;
  }

  async advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].run();
    }
    this.#now = end;
  }
}

export const LIMITS = { dataBytes: 1_000 };

/** The server's end of one connection, scripted. */
export class Peer {
  readyState = 0;
  bufferedAmount = 0;
  #out = [];
  closed;

  constructor(url, protocol) {
    Object.assign(this, { url, protocol });
  }

  send(text) {
    assert.equal(this.readyState, 1, "a frame goes to an open socket only");
    this.#out.push(JSON.parse(text));
  }

  close(code) {
    this.closed ??= code ?? "no code";
    this.readyState = this.readyState === 0 ? 3 : 2;
  }

  terminate() {
    this.closed ??= "cut";
    this.readyState = 3;
  }

  /** What the client sent since the last look. */
  get sent() {
    return this.#out.splice(0);
  }

  open() {
    this.readyState = 1;
  }

  async says(...frames) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
    await settled();
  }

  async saysRaw(data) {
    this.onmessage?.({ data });
    await settled();
  }

  /** It opens, and the server greets. */
  greets(fields) {
    this.open();
    return this.welcome(fields);
  }

  welcome(fields = {}) {
    return this.says({ type: "welcome", connection: "c1", protocol: 1, heartbeatMs: 25_000, limits: LIMITS, ...fields });
  }

  /** The connection ends: with a code as after a close frame, 1006 as by a cut. */
  async ends(code = 1006, reason = "") {
    this.readyState = 3;
    this.onclose?.({ code, reason });
    await settled();
  }
}

/** A client in a world of its own, with what it tells written down. */
export class World {
  clock = new FakeClock();
  peers = [];
  told = [];
  #retryInMs = 0;

  constructor(options = {}, url = "ws://test/ws") {
    const { peers } = this;
    class Socket extends Peer {
      constructor(...args) {
        super(...args);
        peers.push(this);
      }
    }
    this.client = connect(url, { WebSocket: Socket, random: () => 1, ...options });
    this.client.on("retry", ({ retryInMs }) => (this.#retryInMs = retryInMs));
    for (const event of ["status", "error", "retry"]) this.client.on(event, (detail) => this.told.push([event, detail]));
  }

  get peer() {
    return this.peers.at(-1);
  }

  /** What the client has told since the last look, without what comes of course. */
  get events() {
    return this.told.splice(0);
  }

  /** Opens the connection that the client waits for, and answers `session`. */
  async connected({ restored = false, ...welcome } = {}) {
    await this.peer.greets(welcome);
    const sent = this.peer.sent;
    const session = sent.find(({ type }) => type === "session");
    if (session) {
      await this.peer.says({ type: "session", id: session.id, session: "s1", graceMs: 15_000, restored, rooms: [] });
    }
    return sent.filter(({ type }) => type !== "session");
  }

  /** Joins a room, and writes down what that tells. */
  async joined(id = "lobby", options = {}, fields = {}) {
    const joining = this.client.join(id, options);
    await settled();
    const join = this.peer.sent.find(({ type }) => type === "join");
    await this.peer.says(joinedFrame(id, join.id, fields));
    const room = await joining;
    const heard = listenTo(room);
    await this.clock.advance(0);
    return { room, heard };
  }

  /** The connection ends, the next one is there; what was sent on it behind `session`. */
  async again({ code = 1006, ...welcome } = {}) {
    await this.peer.ends(code);
    await this.clock.advance(this.#retryInMs);
    return this.connected(welcome);
  }

  async end() {
    const closing = this.client.close();
    for (const peer of this.peers) peer.onclose?.({ code: 1000, reason: "" });
    await closing;
    assert.equal(this.clock.timers, 0, "a timer is left behind");
    this.clock.restore();
  }
}

export function joinedFrame(room, id, fields = {}) {
  return { type: "joined", room, id, memberId: "m1", epoch: "e1", offset: 0, version: 0, count: 1, state: { set: {}, versions: {} }, ...fields };
}

export function messageFrame(offset, data = offset, fields = {}) {
  return { type: "message", room: "lobby", offset, at: 5, from: "m2", data, ...fields };
}

/** Every event of a room as [name, detail]. */
export function listenTo(room) {
  const heard = [];
  for (const event of ["message", "members", "state", "resumed", "gap", "left", "error"]) {
    room.on(event, (detail) => heard.push([event, detail]));
  }
  return heard;
}

/** The error that a promise fails with. */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("It should have failed");
}

/** Data of the messages among what was heard. */
export function dataOf(heard) {
  return heard.filter(([event]) => event === "message").map(([, { data }]) => data);
}
