/*
 * Roomcast in the browser: rooms over a WebSocket, without dependencies.
 *
 *   <script src="http://localhost:8080/roomcast.js"></script>
 *
 *   const client = roomcast.connect();
 *   const room = await client.join("lobby", { member: { name: "Ada" }, members: true });
 *   room.on("message", (message) => console.log(message.from, message.data));
 *   room.publish({ text: "Hello" });
 *   room.on("state", ({ set }) => console.log([...set.keys()], room.state.get("score")));
 *   await room.update({ add: { score: 1 } });
 *
 * The client connects again by itself, with back-off, and goes on where it stood: its session brings it
 * back as the same member, whom nobody saw go; what was said in between comes as messages, in order and
 * once each; what has changed in the room's state comes as one change; and what it had published with
 * `confirm` without hearing of it is sent again under the same key, so that it is published once. Where the
 * server cannot do that it says so, in "joined".
 *
 * What other people wrote (data, members, their keys) is handed on as JSON.parse made it and never copied
 * key by key, and the keys of the state are those of a Map, so that a key like "__proto__" stays data.
 */
(() => {
  "use strict";

  const SUBPROTOCOL = "roomcast.v1.json";
  const WELCOME_WITHIN_MS = 10_000;
  const REPLY_WITHIN_MS = 10_000;
  const PUBLISHED_WITHIN_MS = 60_000;
  /** Messages of one room that wait for their confirmation; one more is refused. */
  const UNCONFIRMED_MOST = 1_000;
  const BACK_OFF_FIRST_MS = 100;
  const BACK_OFF_MOST_MS = 20_000;
  /** A connection that lived this long was a good one: the next back-off starts from the first step. */
  const STABLE_AFTER_MS = 5_000;
  /** A server's wish to be left alone counts up to here. */
  const RETRY_AFTER_MOST_MS = 300_000;
  const DEFAULT_HEARTBEAT_MS = 25_000;
  /** The longest delay setTimeout can hold. */
  const TIMER_MOST_MS = 2_147_483_647;

  /** Another connection has brought our session back: we come as a new one. */
  const CONNECTED_AGAIN = 4409;
  const FINAL_CLOSE_CODES = new Set([1000, 1002, 1003, 1007, 1008, 1009]);
  /** Refusals of a join that may pass by themselves. */
  const PASSING_CODES = new Set(["unavailable", "rate_limited", "timeout"]);

  const SCRIPT_URL = document.currentScript?.src || location.href;

  // What the classes of this file may do to each other, and nobody else.
  const emit = Symbol("emit");
  const request = Symbol("request");
  const newKey = Symbol("newKey");
  const send = Symbol("send");
  const forget = Symbol("forget");
  const take = Symbol("take");
  const enter = Symbol("enter");
  const suspend = Symbol("suspend");
  const end = Symbol("end");
  const apply = Symbol("apply");
  const tell = Symbol("tell");

  /**
   * A refusal by the server (`code` is its code: "room_full", "rate_limited", …) or an end of waiting
   * on this side: "timeout", "disconnected", "unconfirmed" (it may or may not have happened), "closed", "left".
   * With "conflict", `current` has {version, value} of each key that did not match.
   */
  class RoomcastError extends Error {
    constructor(code, message, { request, room, retryAfterMs, current } = {}) {
      super(message);
      this.name = "RoomcastError";
      this.code = code;
      this.request = request;
      this.room = room;
      this.retryAfterMs = retryAfterMs;
      if (current !== undefined) this.current = bare(current);
    }

    static from(frame) {
      return new RoomcastError(frame.code, frame.message ?? frame.code, frame);
    }
  }

  class Emitter {
    #listeners = new Map();

    constructor(...events) {
      for (const event of events) this.#listeners.set(event, new Set());
    }

    /** Calls `listener` at every such event until the function that is returned is called. */
    on(event, listener) {
      const listeners = this.#listeners.get(event);
      if (listeners === undefined) {
        throw new TypeError(`No event "${event}". There are: ${[...this.#listeners.keys()].join(", ")}.`);
      }
      if (typeof listener !== "function") throw new TypeError("A listener is a function.");
      listeners.add(listener);
      return () => listeners.delete(listener);
    }

    [emit](event, detail) {
      callEach(this.#listeners.get(event), detail);
    }
  }

  /** One WebSocket from its opening to its end, which is told exactly once. */
  class Link {
    #socket;
    #owner;
    #timer;
    #heartbeatMs = DEFAULT_HEARTBEAT_MS;
    #heardAt = 0;
    #pingedAt = 0;
    /** When the welcome came; undefined before. */
    welcomedAt;

    constructor(url, owner) {
      this.#owner = owner;
      this.#socket = owner.openSocket(url, SUBPROTOCOL);
      this.#socket.onmessage = (event) => this.#receive(event.data);
      this.#socket.onclose = (event) => this.#lose(event.code, event.reason);
      this.#timer = setTimeout(() => this.drop("no welcome came"), WELCOME_WITHIN_MS);
    }

    get open() {
      return this.welcomedAt !== undefined && this.#socket.readyState === WebSocket.OPEN;
    }

    send(frame) {
      const text = JSON.stringify(frame);
      this.#socket.send(text);
      this.#owner.onText("out", text);
    }

    /** Says goodbye: the server takes us out of our rooms at once. */
    close() {
      this.#detach();
      this.#socket.close(1000);
    }

    /** Gives the socket up without waiting: a dead network answers no closing handshake for a minute. */
    drop(reason) {
      this.#socket.close();
      this.#lose(1006, reason);
    }

    #detach() {
      clearTimeout(this.#timer);
      this.#socket.onmessage = null;
      this.#socket.onclose = null;
    }

    #lose(code, reason) {
      this.#detach();
      this.#owner.onLost(code, reason);
    }

    #receive(text) {
      if (typeof text !== "string") return;
      this.#heardAt = performance.now();
      this.#owner.onText("in", text);
      let frame;
      try {
        frame = JSON.parse(text);
      } catch {
        return;
      }
      if (frame === null || typeof frame !== "object") return;
      if (frame.type === "welcome") this.#welcome(frame);
      this.#owner.onFrame(frame);
    }

    #welcome(frame) {
      this.welcomedAt = performance.now();
      if (frame.heartbeatMs > 0) this.#heartbeatMs = Math.min(frame.heartbeatMs, TIMER_MOST_MS);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#beat(), this.#heartbeatMs);
    }

    /** Silent for a heartbeat: ask. Silent for another one after that: gone. */
    #beat() {
      const now = performance.now();
      const silentMs = now - this.#heardAt;
      let nextMs = this.#heartbeatMs;
      if (silentMs < this.#heartbeatMs) {
        nextMs -= silentMs;
      } else if (this.#pingedAt > this.#heardAt) {
        this.drop("nothing came back");
        return;
      } else {
        this.#pingedAt = now;
        if (this.open) this.send({ type: "ping" });
      }
      this.#timer = setTimeout(() => this.#beat(), nextMs);
    }
  }

  /**
   * A server as seen from here. Events: "open" (the welcome frame), "session" ({restored, graceMs, rooms}),
   * "close" ({code, reason, willRetry, retryInMs}; no retryInMs while it is cut), "frame" ({direction: "in" |
   * "out", text}), "error" (a refusal nobody waits for).
   */
  class Client extends Emitter {
    #url;
    #link;
    #rooms = new Map();
    #requests = new Map();
    #nextId = 1;
    #attempt = 0;
    #serverWaitMs = 0;
    #retryTimer;
    #state = "connecting";
    #wantsSession;
    /** Brings our session back; whoever has it can, so it is kept here and nowhere else. */
    #secret;
    #restored = false;
    #graceMs = 0;
    #isCut = false;
    #keys = `${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
    #nextKey = 1;
    #onOnline = () => this.#retryNow();
    #onHide = () => this.#leavePage();
    #onShow = (event) => event.persisted && this.#retryNow();

    constructor(url, { session = true, socket = (address, protocol) => new WebSocket(address, protocol) } = {}) {
      super("open", "session", "close", "frame", "error");
      this.#url = url;
      this.#wantsSession = session;
      /** Opens what looks like a WebSocket. */
      this.openSocket = socket;
      this.#connect();
      addEventListener("online", this.#onOnline);
      addEventListener("pagehide", this.#onHide);
      addEventListener("pageshow", this.#onShow);
    }

    /** "connecting", "open", "waiting" (for the next try, or for mend()) or "closed" (for good). */
    get state() {
      return this.#state;
    }

    /** Whether this connection brought back the session of the one before it. */
    get restored() {
      return this.#restored;
    }

    /** How long the others see us when the connection is gone; 0 without a session. */
    get graceMs() {
      return this.#graceMs;
    }

    get url() {
      return this.#url;
    }

    /**
     * Joins a room and stays in it across reconnects, until leave(). Joining a room once more gives the
     * same Room, in sync anew and with the new options.
     *
     * `member`: what the others are to know about me, any JSON. `members`: true for the list and its
     * news, "count" for the number only. `state`: whether to have the room's state and its changes; if not said,
     * as the room is set up, which is yes as a rule. `history`: so many of the last messages, in `past`.
     * `timeoutMs`: how long to try, 0 without end.
     */
    join(id, { member, members, state, history, timeoutMs = REPLY_WITHIN_MS } = {}) {
      if (this.#state === "closed") return Promise.reject(closedError());
      let room = this.#rooms.get(id);
      if (room === undefined) {
        room = new Room(this, id, { member, members, state, history });
        this.#rooms.set(id, room);
      } else {
        room.options = { member: room.options.member, members, state, history };
      }
      const waiting = room.wait(timeoutMs);
      if (this.#link?.open) room[enter]();
      return waiting;
    }

    /** Leaves all rooms and ends the connection for good. */
    close() {
      if (this.#state === "closed") return;
      this.#link?.close();
      this.#shut(1000, "", closedError());
    }

    /**
     * For trying things out: gives the connection up as if the network were gone, and stays away until
     * mend().
     */
    cut() {
      if (this.#state === "closed" || this.#isCut) return;
      this.#isCut = true;
      clearTimeout(this.#retryTimer);
      if (this.#link !== undefined) this.#link.drop("cut");
      else this[emit]("close", { code: 1006, reason: "cut", willRetry: true });
    }

    /** The network is back, if cut() has taken it away. */
    mend() {
      if (!this.#isCut) return;
      this.#isCut = false;
      if (this.#state === "waiting") this.#connect();
    }

    onText(direction, text) {
      this[emit]("frame", { direction, text });
    }

    onFrame(frame) {
      if (frame.type === "welcome") {
        this.#state = "open";
        this[emit]("open", frame);
        this.#askForSession();
        for (const room of [...this.#rooms.values()]) room[enter]();
      } else if (frame.type === "closing") {
        if (frame.retryAfterMs > 0) this.#serverWaitMs = Math.min(frame.retryAfterMs, RETRY_AFTER_MOST_MS);
      } else if (!this.#settle(frame)) {
        const room = this.#rooms.get(frame.room);
        if (room !== undefined) room[take](frame);
        else if (frame.type === "error") this[emit]("error", RoomcastError.from(frame));
      }
    }

    onLost(code, reason) {
      const lived = this.#link.welcomedAt === undefined ? 0 : performance.now() - this.#link.welcomedAt;
      this.#link = undefined;
      if (FINAL_CLOSE_CODES.has(code) || (code >= 4500 && code <= 4999)) {
        this.#shut(code, reason, new RoomcastError("closed", `The server ended the connection (${code} ${reason}).`));
        return;
      }
      if (code === CONNECTED_AGAIN) this.#secret = undefined;
      if (lived > STABLE_AFTER_MS) this.#attempt = 0;
      const retryInMs = this.#isCut ? undefined : this.#serverWaitMs + backOffMs(this.#attempt++);
      if (!this.#isCut) this.#retryTimer = setTimeout(() => this.#connect(), retryInMs);
      this.#wait();
      this[emit]("close", { code, reason, willRetry: true, retryInMs });
    }

    #wait() {
      this.#state = "waiting";
      this.#restored = false;
      for (const room of this.#rooms.values()) room[suspend]();
      this.#failRequests(new RoomcastError("disconnected", "The connection was lost before the answer came."));
    }

    /** Asks for a session, or for the one we had. What is sent behind it need not wait for the reply. */
    async #askForSession() {
      if (!this.#wantsSession) return;
      try {
        await this[request]({ type: "session", session: this.#secret }, (frame) => {
          this.#secret = frame.session;
          this.#restored = frame.restored;
          this.#graceMs = frame.graceMs;
          this[emit]("session", frame);
        });
      } catch {
        // a server without sessions, or the connection is gone again
      }
    }

    /** A key for a message of ours that no other has. */
    [newKey]() {
      return `${this.#keys}-${this.#nextKey++}`;
    }

    /** Sends if there is a connection, and says whether. */
    [send](frame) {
      if (!this.#link?.open) return false;
      this.#link.send(frame);
      return true;
    }

    /**
     * Sends with an id and waits for the one answer. `apply` sees the answer at its place among the
     * frames, before the next one is looked at; the promise's followers come a little later.
     */
    [request](frame, apply) {
      return new Promise((resolve, reject) => {
        const id = this.#nextId++;
        if (!this[send]({ ...frame, id })) {
          reject(new RoomcastError("disconnected", "There is no connection just now."));
          return;
        }
        const timer = setTimeout(() => {
          this.#requests.delete(id);
          reject(new RoomcastError("timeout", `No answer to "${frame.type}" within ${REPLY_WITHIN_MS} ms.`));
        }, REPLY_WITHIN_MS);
        this.#requests.set(id, { resolve, reject, timer, apply });
      });
    }

    [forget](room) {
      if (this.#rooms.get(room.id) === room) this.#rooms.delete(room.id);
    }

    #settle(frame) {
      const waiting = this.#requests.get(frame.id);
      if (waiting === undefined) return false;
      this.#requests.delete(frame.id);
      clearTimeout(waiting.timer);
      if (frame.type === "error") {
        waiting.reject(RoomcastError.from(frame));
      } else {
        waiting.apply?.(frame);
        waiting.resolve(frame);
      }
      return true;
    }

    #failRequests(error) {
      const requests = [...this.#requests.values()];
      this.#requests.clear();
      for (const { reject, timer } of requests) {
        clearTimeout(timer);
        reject(error);
      }
    }

    #connect() {
      clearTimeout(this.#retryTimer);
      this.#serverWaitMs = 0;
      this.#state = "connecting";
      this.#link = new Link(this.#url, this);
    }

    /** The network is back: no need to sit out our own back-off, but a wait the server asked for. */
    #retryNow() {
      if (this.#state === "waiting" && this.#serverWaitMs === 0 && !this.#isCut) this.#connect();
    }

    /** Who closes the page is gone at once, and not only after the grace. The browser may yet show it again. */
    #leavePage() {
      if (this.#link === undefined) return;
      this.#link.close();
      this.#link = undefined;
      this.#wait();
    }

    #shut(code, reason, error) {
      this.#state = "closed";
      this.#link = undefined;
      clearTimeout(this.#retryTimer);
      removeEventListener("online", this.#onOnline);
      removeEventListener("pagehide", this.#onHide);
      removeEventListener("pageshow", this.#onShow);
      this.#failRequests(error);
      for (const room of [...this.#rooms.values()]) room[end]("closed", error);
      this[emit]("close", { code, reason, willRetry: false });
    }
  }

  /**
   * What everybody in a room has alike: JSON by key, as it is now. It is there to be read; room.update()
   * changes it.
   */
  class State {
    #entries = new Map();
    #listeners = new Map();
    #version = 0;

    /** The room's version of it: 1 more with each update. */
    get version() {
      return this.#version;
    }

    get size() {
      return this.#entries.size;
    }

    has(key) {
      return this.#entries.has(key);
    }

    get(key) {
      return this.#entries.get(key)?.value;
    }

    /** The version that last wrote this key, for `if`; 0 if it is not there. */
    versionOf(key) {
      return this.#entries.get(key)?.version ?? 0;
    }

    keys() {
      return this.#entries.keys();
    }

    *entries() {
      for (const [key, { value }] of this.#entries) yield [key, value];
    }

    [Symbol.iterator]() {
      return this.entries();
    }

    /**
     * Calls `listener(value, change)` whenever this key is written or deleted (then `value` is undefined), until
     * the function that is returned is called.
     */
    on(key, listener) {
      if (typeof listener !== "function") throw new TypeError("A listener is a function.");
      const listeners = this.#listeners.get(key) ?? new Set();
      this.#listeners.set(key, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
      };
    }

    /** Applies the parts of one change, or without `since` of the whole state, and returns it for the event. */
    [apply](parts, { version, since, from }) {
      const reset = since === undefined;
      const gone = new Set(reset ? this.#entries.keys() : []);
      const set = new Map();
      if (reset) this.#entries.clear();
      for (const part of parts) {
        for (const key of part.delete ?? []) if (this.#entries.delete(key)) gone.add(key);
        for (const [key, value] of Object.entries(part.set ?? {})) {
          this.#entries.set(key, { value, version: part.versions?.[key] ?? version });
          set.set(key, value);
          gone.delete(key);
        }
      }
      const change = { version, since: this.#version, set, delete: [...gone], from, reset };
      this.#version = version;
      return change;
    }

    /** Those who listen to one key hear of it once all keys are as they are now. */
    [tell](change) {
      if (this.#listeners.size === 0) return;
      for (const [key, value] of change.set) callEach(this.#listeners.get(key), value, change);
      for (const key of change.delete) callEach(this.#listeners.get(key), undefined, change);
    }
  }

  /**
   * A room I am in. Events: "message" (the frame: data, from, at, offset, event, …), "members" ({joined,
   * left, changed, count}, with `reset: true` when the whole list is new), "state" ({version, since, set, delete,
   * from, reset}: `set` is a Map, and `room.state` has it all already; `version - since` changes came as one;
   * with `reset` the whole state is new), "gap" ({after, before}: messages between were dropped for us),
   * "joined" (again, after a reconnect: with `resumed` true all that was missed follows as messages, else
   * `reason` says why there is a hole: "epoch", "too_many", "trimmed", "future"), "resumed" (the same, where it
   * is true), "left" ({reason, error}: no longer in it, by whoever's wish), "error" (a refusal of what was sent
   * without waiting for the answer).
   */
  class Room extends Emitter {
    #client;
    #waiters = new Set();
    #inside = false;
    #known = false;
    #gone = false;
    #attempt = 0;
    #retryTimer;
    /** Messages that wait for their `published`, in the order in which they were said. */
    #unconfirmed = new Set();
    /** A `joined` and the pages behind it, until the last one is here. */
    #entering;
    #takesState = false;
    /** A change of the state is missing; what comes before the next `joined` does not follow what we have. */
    #hasHole = false;

    constructor(client, id, options) {
      super("message", "members", "state", "gap", "joined", "resumed", "left", "error");
      this.#client = client;
      this.id = id;
      this.options = options;
      /**
       * Who is here, by member id: {id, user?, member?}. Kept up to date if joined with `members: true`; empty if not,
       * or if too many are here for the server to say who.
       */
      this.members = new Map();
      this.count = 0;
      /** What all have alike: get(key), has(key), keys(), entries(), version. Kept up to date unless joined without. */
      this.state = new State();
      this.memberId = undefined;
      this.epoch = undefined;
      this.offset = undefined;
      /** What had been said before the first join, if it asked for `history`. */
      this.past = [];
    }

    /** Whether the room can be spoken in now; false while the connection is away. */
    get joined() {
      return this.#inside;
    }

    /**
     * Publishes any JSON. `event`: a name for it. `echo: false`: not to me. `keep: false`: for now only,
     * like a cursor. `to`: one member's id. Without more it returns whether it could be sent, and a refusal
     * is an "error" event.
     *
     * With `confirm: true` it returns a promise of the server's answer ({offset}). Then it is sent as soon as
     * there is a connection, and once more if the connection is lost before the answer, under the same `key`:
     * it is published once. The promise is rejected with "unconfirmed" where that cannot be made sure,
     * because the session could not be brought back. `timeoutMs`: how long to try.
     */
    publish(data, { event, echo, keep, to, key, confirm = false, timeoutMs = PUBLISHED_WITHIN_MS } = {}) {
      const frame = { type: "publish", room: this.id, data, event, echo, keep, to, key };
      if (!confirm) return this.#inside && this.#client[send](frame);
      if (this.#gone) return Promise.reject(new RoomcastError("left", "This room was left.", { room: this.id }));
      if (this.#unconfirmed.size >= UNCONFIRMED_MOST) {
        return Promise.reject(new RoomcastError("disconnected", "Too much waits to be sent already.", { room: this.id }));
      }
      return new Promise((resolve, reject) => {
        const waiting = { frame: { ...frame, key: key ?? this.#client[newKey]() }, resolve, reject, wasSent: false };
        waiting.timer = setTimeout(
          () => this.#confirm(waiting, new RoomcastError("timeout", `Not published within ${timeoutMs} ms.`)),
          timeoutMs);
        this.#unconfirmed.add(waiting);
        if (this.#inside) this.#deliver(waiting);
      });
    }

    /** Sends it, now or again. If the connection is lost before the answer, it waits for the next one. */
    async #deliver(waiting) {
      waiting.wasSent = true;
      try {
        this.#confirm(waiting, undefined, await this.#client[request](waiting.frame));
      } catch (error) {
        if (error.code !== "disconnected") this.#confirm(waiting, error);
      }
    }

    /** After a reconnect. What may have arrived is repeated only where the server knows its key as ours. */
    #deliverAgain() {
      for (const waiting of [...this.#unconfirmed]) {
        if (!waiting.wasSent || this.#client.restored) this.#deliver(waiting);
        else this.#confirm(waiting, new RoomcastError("unconfirmed", "It may or may not have been published."));
      }
    }

    #confirm(waiting, error, frame) {
      if (!this.#unconfirmed.delete(waiting)) return;
      clearTimeout(waiting.timer);
      if (error !== undefined) waiting.reject(error);
      else waiting.resolve(frame);
    }

    /** Tells the room something new about me; a promise. */
    tell(member) {
      return this.#request({ type: "member", room: this.id, member }, () => {
        this.options = { ...this.options, member };
      });
    }

    /**
     * Changes what all have alike, whole or not at all: `set` (values by key), `delete` (keys), `add` (numbers by
     * key), `if` (the version each key must have, 0 for none; else the promise is rejected with "conflict"), `own`
     * (keys that come to be are mine, and go with me). By key means an object or a Map. A promise of {version,
     * values}: the version that this made, and what the sums came to. With "disconnected" it may have been taken;
     * `state` shows it. `if` and `own` may also stand in a second object.
     */
    async update(change, options) {
      const { set, delete: keys, add, if: versions, own } = { ...change, ...options };
      const { version, values } = await this.#request({
        type: "update", room: this.id,
        set: plain(set), delete: keys && [...keys], add: plain(add), if: plain(versions), own,
      });
      return { version, values: values && bare(values) };
    }

    /** Past messages: a promise of {epoch, messages, more}. `after` and `before` are offsets, both exclusive. */
    history({ after, before, limit } = {}) {
      return this.#request({ type: "history", room: this.id, after, before, limit });
    }

    /** Leaves; a promise that is fulfilled also if there is no connection, as then we are gone anyway. */
    async leave() {
      if (this.#gone) return;
      this[end]("left", new RoomcastError("left", "The room was left."));
      try {
        await this.#client[request]({ type: "leave", room: this.id });
      } catch (error) {
        if (!["disconnected", "closed"].includes(error.code)) throw error;
      }
    }

    /** A promise of this room, kept when the next `joined` comes. */
    wait(timeoutMs) {
      return new Promise((resolve, reject) => {
        const waiter = { resolve, reject, timer: undefined };
        this.#waiters.add(waiter);
        if (timeoutMs > 0) waiter.timer = setTimeout(() => this.#giveUp(waiter), timeoutMs);
      });
    }

    async [enter]() {
      clearTimeout(this.#retryTimer);
      const { member, members, state, history } = this.options;
      const version = this.#takesState ? this.state.version : undefined;
      const resume = this.#known ? { epoch: this.epoch, offset: this.offset, version } : undefined;
      const join = { type: "join", room: this.id, member, members, state, history, resume };
      try {
        await this.#client[request](join, (frame) => this.#enterWith(frame));
      } catch (error) {
        this.#refused(error);
      }
    }

    /** The connection is gone; we come back with the next one. */
    [suspend]() {
      clearTimeout(this.#retryTimer);
      this.#inside = false;
      this.#entering = undefined;
      this.#hasHole = false;
    }

    [end](reason, error) {
      this[suspend]();
      this.#gone = true;
      this.#client[forget](this);
      this.#settleWaiters((waiter) => waiter.reject(error));
      for (const waiting of [...this.#unconfirmed]) this.#confirm(waiting, error);
      if (!this.#known) return;
      this.#known = false;
      this[emit]("left", { reason, error });
    }

    /** A frame of this room that answers no waiting request. Before `joined` it is an earlier stay's. */
    [take](frame) {
      if (this.#entering !== undefined && frame.type === "snapshot") this.#enterWith(frame);
      if (!this.#inside) return;
      switch (frame.type) {
        case "message":
          if (frame.offset !== undefined) this.offset = frame.offset;
          this[emit]("message", frame);
          break;
        case "messages": // several at once, where the room gathers
          for (const message of frame.messages) this[take]({ type: "message", room: frame.room, ...message });
          break;
        case "members":
          this.#applyNews(frame);
          break;
        case "state":
          this.#takeChange(frame);
          break;
        case "gap":
          this[emit]("gap", frame);
          break;
        case "left":
          this[end](frame.reason ?? "left", new RoomcastError("left", `The server took us out: ${frame.reason}.`));
          break;
        case "error":
          this[emit]("error", RoomcastError.from(frame));
          break;
        default: // a frame of a later version
      }
    }

    #request(frame, apply) {
      if (!this.#inside) {
        const [code, message] = this.#gone
          ? ["left", "This room was left."]
          : ["disconnected", "There is no connection just now."];
        return Promise.reject(new RoomcastError(code, message, { room: this.id }));
      }
      return this.#client[request](frame, apply);
    }

    /** A `joined`, or a page of what did not fit into it. All of them are one instant. */
    #enterWith(frame) {
      if (this.#gone) return; // left meanwhile; the `leave` is on its way
      if (frame.type === "joined") this.#entering = [];
      this.#entering.push(frame);
      if (frame.more === true) return;
      const [joined, ...pages] = this.#entering;
      this.#entering = undefined;
      this.#enterAt(joined, pages);
    }

    #enterAt(frame, pages) {
      const again = this.#known;
      // Asked for by a member, messages may be behind the offset that was given and have come live by now.
      const isNew = ({ offset }) => frame.epoch !== this.epoch || offset > this.offset;
      const past = (frame.messages ?? []).filter(isNew);
      this.#known = true;
      this.#inside = true;
      this.#attempt = 0;
      this.memberId = frame.memberId;
      this.epoch = frame.epoch;
      this.offset = frame.offset;
      this.count = frame.count;
      this.members.clear();
      if (!again) this.past = past;
      const change = this.#takeState(frame, pages);
      this.#settleWaiters((waiter) => waiter.resolve(this));
      const members = [frame, ...pages].flatMap((page) => page.members ?? []);
      this.#applyNews({ joined: members, count: frame.count }, true);
      this.#tellChange(change);
      if (again) {
        this[emit]("joined", frame);
        if (frame.resumed) this[emit]("resumed", frame);
        for (const message of past) this[emit]("message", message);
      }
      this.#deliverAgain();
    }

    /** The whole state, or what has changed of it since we were here. Not known in a room that we joined without. */
    #takeState(frame, pages) {
      this.#hasHole = false;
      this.#takesState = frame.state !== undefined;
      const parts = [frame, ...pages].map((page) => page.state ?? {});
      const version = this.#takesState ? frame.version : 0;
      return this.state[apply](parts, { version, since: frame.state?.since });
    }

    /** A change that does not follow what we have shows a hole; joining once more fills it. */
    #takeChange(frame) {
      if (!this.#takesState || this.#hasHole) return;
      const { version, since = version - 1, from } = frame;
      if (since === this.state.version) {
        this.#tellChange(this.state[apply]([frame], { version, since, from }));
      } else {
        this.#hasHole = true;
        this[enter]();
      }
    }

    #tellChange(change) {
      if (change.set.size === 0 && change.delete.length === 0 && change.version === change.since) return;
      this.state[tell](change);
      this[emit]("state", change);
    }

    /**
     * List plus news is the list: those who left, then those who joined, then those who changed. News of nobody
     * ends it: too many are there, and from now on `count` says how many.
     */
    #applyNews(news, reset = false) {
      if (!(news.joined || news.left || news.changed) && this.members.size > 0) {
        this.members.clear();
        reset = true;
      }
      const { joined = [], left = [], changed = [], count } = news;
      for (const id of left) this.members.delete(id);
      for (const entry of joined) this.members.set(entry.id, entry);
      for (const entry of changed) this.members.set(entry.id, entry);
      if (count !== undefined) this.count = count;
      this[emit]("members", { joined, left, changed, count: this.count, reset });
    }

    #refused(error) {
      if (error.code === "disconnected" || error.code === "closed") return;
      this.#settleWaiters((waiter) => waiter.reject(error));
      if (this.#inside && !this.#hasHole) return; // only the re-sync was refused
      if (this.#known && PASSING_CODES.has(error.code)) {
        const waitMs = Math.min(error.retryAfterMs ?? 0, RETRY_AFTER_MOST_MS) + backOffMs(this.#attempt++);
        this.#retryTimer = setTimeout(() => this[enter](), waitMs);
      } else {
        this.#abandon(error);
      }
    }

    #giveUp(waiter) {
      const error = new RoomcastError("timeout", `Could not join "${this.id}" in time.`, { room: this.id });
      this.#waiters.delete(waiter);
      waiter.reject(error);
      if (!this.#known && this.#waiters.size === 0) this.#abandon(error);
    }

    #abandon(error) {
      if (error.code === "timeout") this.#client[send]({ type: "leave", room: this.id }); // it may yet be answered
      this[end](error.code, error);
    }

    #settleWaiters(settle) {
      for (const waiter of this.#waiters) {
        clearTimeout(waiter.timer);
        settle(waiter);
      }
      this.#waiters.clear();
    }
  }

  function callEach(listeners, ...details) {
    for (const listener of [...(listeners ?? [])]) {
      try {
        listener(...details);
      } catch (error) {
        reportError(error); // one listener's fault is not the next one's
      }
    }
  }

  /** An object by key as JSON.parse made it, where a key that is not there is undefined, whatever its name. */
  function bare(object) {
    return Object.setPrototypeOf(object, null);
  }

  /** What JSON.stringify takes for an object by key. */
  function plain(entries) {
    return entries instanceof Map ? Object.fromEntries(entries) : entries;
  }

  function closedError() {
    return new RoomcastError("closed", "This client was closed.");
  }

  /** Full jitter, applied after the cap, so that clients of a server that came back spread out. */
  function backOffMs(attempt) {
    return Math.random() * Math.min(BACK_OFF_MOST_MS, BACK_OFF_FIRST_MS * 2 ** attempt);
  }

  /**
   * Starts to connect and returns the client at once. Without a url: "ws" next to where this script
   * came from. http and https addresses are taken too. With `session: false` it is gone to the others as
   * soon as its connection is. `socket(address, subprotocol)` may open something that looks like a WebSocket
   * and is another one.
   */
  function connect(url = new URL("ws", SCRIPT_URL), options = {}) {
    const address = new URL(url, location.href);
    address.protocol = address.protocol.replace(/^http/, "ws");
    address.hash = "";
    return new Client(address.href, options);
  }

  globalThis.roomcast = Object.freeze({ connect, RoomcastError });
})();
