/*
 * Roomcast in the browser: rooms over a WebSocket, without dependencies.
 *
 *   <script src="http://localhost:8080/roomcast.js"></script>
 *
 *   const client = roomcast.connect();
 *   const room = await client.join("lobby", { member: { name: "Ada" }, members: true });
 *   room.on("message", (message) => console.log(message.from, message.data));
 *   room.publish({ text: "Hello" });
 *
 * The client connects again by itself, with back-off, and joins its rooms again; what was said in
 * between is not fetched. What other people wrote (data, members, their keys) is handed on as JSON.parse
 * made it and never copied key by key, so that a key like "__proto__" stays data.
 */
(() => {
  "use strict";

  const SUBPROTOCOL = "roomcast.v1.json";
  const WELCOME_WITHIN_MS = 10_000;
  const REPLY_WITHIN_MS = 10_000;
  const BACK_OFF_FIRST_MS = 100;
  const BACK_OFF_MOST_MS = 20_000;
  /** A connection that lived this long was a good one: the next back-off starts from the first step. */
  const STABLE_AFTER_MS = 5_000;
  /** A server's wish to be left alone counts up to here. */
  const RETRY_AFTER_MOST_MS = 300_000;
  const DEFAULT_HEARTBEAT_MS = 25_000;
  /** The longest delay setTimeout can hold. */
  const TIMER_MOST_MS = 2_147_483_647;

  const FINAL_CLOSE_CODES = new Set([1000, 1002, 1003, 1007, 1008, 1009]);
  /** Refusals of a join that may pass by themselves. */
  const PASSING_CODES = new Set(["unavailable", "rate_limited", "timeout"]);

  const SCRIPT_URL = document.currentScript?.src || location.href;

  // What the classes of this file may do to each other, and nobody else.
  const emit = Symbol("emit");
  const request = Symbol("request");
  const send = Symbol("send");
  const forget = Symbol("forget");
  const take = Symbol("take");
  const enter = Symbol("enter");
  const suspend = Symbol("suspend");
  const end = Symbol("end");

  /**
   * A refusal by the server (`code` is its code: "room_full", "rate_limited", …) or an end of waiting
   * on this side: "timeout", "disconnected", "closed", "left".
   */
  class RoomcastError extends Error {
    constructor(code, message, { request, room, retryAfterMs } = {}) {
      super(message);
      this.name = "RoomcastError";
      this.code = code;
      this.request = request;
      this.room = room;
      this.retryAfterMs = retryAfterMs;
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
      for (const listener of [...this.#listeners.get(event)]) {
        try {
          listener(detail);
        } catch (error) {
          reportError(error); // one listener's fault is not the next one's
        }
      }
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
      this.#socket = new WebSocket(url, SUBPROTOCOL);
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
   * A server as seen from here. Events: "open" (the welcome frame), "close" ({code, reason, willRetry,
   * retryInMs}), "frame" ({direction: "in" | "out", text}), "error" (a refusal nobody waits for).
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
    #onOnline = () => this.#retryNow();

    constructor(url) {
      super("open", "close", "frame", "error");
      this.#url = url;
      this.#connect();
      addEventListener("online", this.#onOnline);
    }

    /** "connecting", "open", "waiting" (for the next try) or "closed" (for good). */
    get state() {
      return this.#state;
    }

    get url() {
      return this.#url;
    }

    /**
     * Joins a room and stays in it across reconnects, until leave(). Joining a room once more gives the
     * same Room, in sync anew and with the new options.
     *
     * `member`: what the others are to know about me, any JSON. `members`: true for the list and its
     * news, "count" for the number only. `timeoutMs`: how long to try, 0 without end.
     */
    join(id, { member, members, timeoutMs = REPLY_WITHIN_MS } = {}) {
      if (this.#state === "closed") return Promise.reject(closedError());
      let room = this.#rooms.get(id);
      if (room === undefined) {
        room = new Room(this, id, { member, members });
        this.#rooms.set(id, room);
      } else {
        room.options = { member: room.options.member, members };
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

    onText(direction, text) {
      this[emit]("frame", { direction, text });
    }

    onFrame(frame) {
      if (frame.type === "welcome") {
        this.#state = "open";
        this[emit]("open", frame);
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
      if (lived > STABLE_AFTER_MS) this.#attempt = 0;
      const retryInMs = this.#serverWaitMs + backOffMs(this.#attempt++);
      this.#state = "waiting";
      this.#retryTimer = setTimeout(() => this.#connect(), retryInMs);
      for (const room of this.#rooms.values()) room[suspend]();
      this.#failRequests(new RoomcastError("disconnected", "The connection was lost before the answer came."));
      this[emit]("close", { code, reason, willRetry: true, retryInMs });
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
      if (this.#state === "waiting" && this.#serverWaitMs === 0) this.#connect();
    }

    #shut(code, reason, error) {
      this.#state = "closed";
      this.#link = undefined;
      clearTimeout(this.#retryTimer);
      removeEventListener("online", this.#onOnline);
      this.#failRequests(error);
      for (const room of [...this.#rooms.values()]) room[end]("closed", error);
      this[emit]("close", { code, reason, willRetry: false });
    }
  }

  /**
   * A room I am in. Events: "message" (the frame: data, from, at, offset, event, …), "members" ({joined,
   * left, changed, count}, with `reset: true` when the whole list is new), "joined" (again, after a
   * reconnect), "left" ({reason, error}: no longer in it, by whoever's wish), "error" (a refusal of what
   * was sent without waiting for the answer).
   */
  class Room extends Emitter {
    #client;
    #waiters = new Set();
    #inside = false;
    #known = false;
    #gone = false;
    #attempt = 0;
    #retryTimer;

    constructor(client, id, options) {
      super("message", "members", "joined", "left", "error");
      this.#client = client;
      this.id = id;
      this.options = options;
      /** Who is here, by member id: {id, user?, member?}. Kept up to date if joined with `members: true`. */
      this.members = new Map();
      this.count = 0;
      this.memberId = undefined;
      this.epoch = undefined;
      this.offset = undefined;
    }

    /** Whether the room can be spoken in now; false while the connection is away. */
    get joined() {
      return this.#inside;
    }

    /**
     * Publishes any JSON. `event`: a name for it. `echo: false`: not to me. `keep: false`: for now only,
     * like a cursor. `to`: one member's id. With `confirm: true` it returns a promise of the server's answer
     * ({offset}); without, whether it could be sent, and a refusal is an "error" event.
     */
    publish(data, { event, echo, keep, to, confirm = false } = {}) {
      const frame = { type: "publish", room: this.id, data, event, echo, keep, to };
      if (confirm) return this.#request(frame);
      return this.#inside && this.#client[send](frame);
    }

    /** Tells the room something new about me; a promise. */
    tell(member) {
      return this.#request({ type: "member", room: this.id, member }, () => {
        this.options = { ...this.options, member };
      });
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
      const { member, members } = this.options;
      try {
        await this.#client[request]({ type: "join", room: this.id, member, members }, (frame) => this.#enterWith(frame));
      } catch (error) {
        this.#refused(error);
      }
    }

    /** The connection is gone; we come back with the next one. */
    [suspend]() {
      clearTimeout(this.#retryTimer);
      this.#inside = false;
    }

    [end](reason, error) {
      this[suspend]();
      this.#gone = true;
      this.#client[forget](this);
      this.#settleWaiters((waiter) => waiter.reject(error));
      if (!this.#known) return;
      this.#known = false;
      this[emit]("left", { reason, error });
    }

    /** A frame of this room that answers no waiting request. Before `joined` it is an earlier stay's. */
    [take](frame) {
      if (!this.#inside) return;
      switch (frame.type) {
        case "message":
          if (frame.offset !== undefined) this.offset = frame.offset;
          this[emit]("message", frame);
          break;
        case "members":
          this.#applyNews(frame);
          break;
        case "snapshot":
          if (frame.members !== undefined) this.#applyNews({ joined: frame.members, count: this.count });
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

    #enterWith(frame) {
      if (this.#gone) return; // left meanwhile; the `leave` is on its way
      const again = this.#known;
      this.#known = true;
      this.#inside = true;
      this.#attempt = 0;
      this.memberId = frame.memberId;
      this.epoch = frame.epoch;
      this.offset = frame.offset;
      this.count = frame.count;
      this.members.clear();
      this.#settleWaiters((waiter) => waiter.resolve(this));
      if (again) this[emit]("joined", frame);
      this.#applyNews({ joined: frame.members, count: frame.count }, true);
    }

    /** List plus news is the list: those who left, then those who joined, then those who changed. */
    #applyNews({ joined = [], left = [], changed = [], count }, reset = false) {
      for (const id of left) this.members.delete(id);
      for (const entry of joined) this.members.set(entry.id, entry);
      for (const entry of changed) this.members.set(entry.id, entry);
      if (count !== undefined) this.count = count;
      this[emit]("members", { joined, left, changed, count: this.count, reset });
    }

    #refused(error) {
      if (error.code === "disconnected" || error.code === "closed") return;
      this.#settleWaiters((waiter) => waiter.reject(error));
      if (this.#inside) return; // only the re-sync was refused
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

  function closedError() {
    return new RoomcastError("closed", "This client was closed.");
  }

  /** Full jitter, applied after the cap, so that clients of a server that came back spread out. */
  function backOffMs(attempt) {
    return Math.random() * Math.min(BACK_OFF_MOST_MS, BACK_OFF_FIRST_MS * 2 ** attempt);
  }

  /**
   * Starts to connect and returns the client at once. Without a url: "ws" next to where this script
   * came from. http and https addresses are taken too.
   */
  function connect(url = new URL("ws", SCRIPT_URL)) {
    const address = new URL(url, location.href);
    address.protocol = address.protocol.replace(/^http/, "ws");
    address.hash = "";
    return new Client(address.href);
  }

  globalThis.roomcast = Object.freeze({ connect, RoomcastError });
})();
