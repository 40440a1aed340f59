// Made from clients/typescript/src by its npm run build: change it there.
/**
 * Roomcast in the browser: rooms over a WebSocket, without dependencies. The server has this script at /roomcast.js.
 *
 *     <script src="http://localhost:8080/roomcast.js"></script>
 *
 *     const client = roomcast.connect();
 *     const room = await client.join("lobby", { member: { name: "Ada" }, members: true });
 *     room.on("message", ({ from, data }) => console.log(room.members.get(from)?.member, data));
 *     await room.publish({ text: "Hello" });
 *     room.state.subscribe("score", (score) => console.log(score));
 *     await room.update({ add: { score: 1 } });
 *
 * A connection that breaks comes back by itself and goes on where it stood: the others do not see it go, what was missed
 * comes in order and once, and what was published meanwhile is published once. What it does in full is docs/clients.md, and
 * what goes over the wire PROTOCOL.md. Names that are marked @internal may change at any time.
 */
(() => {
  "use strict";

  // ---- emitter ----

  /** Named events and who listens to them. A listener's fault, now or later, harms nobody else. */
  class Emitter {
    #listeners = new Map();

    /** Calls `listener` at every such event, until the function that is returned is called. */
    on(event, listener) {
      const listeners = this.#listeners.get(event) ?? new Set();
      this.#listeners.set(event, listeners.add(listener));
      return () => {
        if (listeners.delete(listener) && !listeners.size)
          this.#listeners.delete(event);
      };
    }

    /** @internal */
    emit(event, ...detail) {
      for (const listener of [...(this.#listeners.get(event) ?? [])])
        callSafely(listener, ...detail);
    }
  }

  /** Listens to the platform's own events, where it has them. */
  function listen(target, event, listener) {
    const events = target;
    events?.addEventListener?.(event, listener);
    return () => events?.removeEventListener?.(event, listener);
  }

  /** Tells the platform what goes wrong in a listener. */
  async function callSafely(listener, ...event) {
    try {
      await listener(...event);
    } catch (error) {
      (globalThis.reportError ?? console.error)(error);
    }
  }

  // ---- errors ----

  const FIELDS = ["room", "request", "retryAfterMs", "current", "closeCode", "data", "cause"];

  /** The one type of everything that fails. Decide by `code`; `message` tells a developer what to do. */
  class RoomcastError extends Error {
    name = "RoomcastError";

    constructor(code, message, detail = {}) {
      super(message);
      this.code = code;
      for (const field of FIELDS)
        if (detail[field] !== undefined)
          this[field] = detail[field];
    }
  }

  /** The error of a frame `error`. */
  function refusal(frame) {
    return new RoomcastError(frame["code"], frame["message"], frame);
  }

  // ---- frames ----

  /** The JSON object of a text; throws where it is no frame of this protocol. */
  function readFrame(text) {
    const frame = JSON.parse(text);
    if (typeof frame.type === "string")
      return frame; // which no other kind of JSON has
    throw new TypeError("no type");
  }

  /** A request's text: `body` is a JSON object that does not have these two yet. */
  function frameText(type, id, body) {
    const head = JSON.stringify({ type, id }).slice(0, -1);
    return body === "{}" ? `${head}}` : `${head},${body.slice(1)}`;
  }

  // ---- json ----

  /**
   * The JSON of a value. What JSON.stringify would turn into something else without a word (NaN, a function, `undefined` in
   * an array), and what it cannot do at all (a cycle, a BigInt), is refused; a field that is `undefined` is left out.
   */
  function toJson(value, detail) {
    try {
      return JSON.stringify(value, refuseWhatIsNoJson) ?? refuseWhatIsNoJson.call([], "data", value);
    } catch (cause) {
      throw new RoomcastError("bad_request", `Send only JSON: ${cause}`, { ...detail, cause });
    }
  }

  /** Others, such as a Map or a promise, would be an empty object. */
  const JSON_KIND = / (Object|Array|String|Boolean|Null)]/;

  function refuseWhatIsNoJson(key, value) {
    const isLeftOut = value === undefined && !Array.isArray(this);
    if (isLeftOut || Number.isFinite(value) || JSON_KIND.test({}.toString.call(value)))
      return value;
    throw new TypeError(`"${key}" is ${String(value)}.`);
  }

  /** Whether two values, read from JSON, are the same with their fields in the same order. */
  function isSame(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  const encoder = new TextEncoder();

  /** How many bytes a text takes on the wire. */
  function bytesOf(text) {
    return encoder.encode(text).length;
  }

  /** Whether a text takes more bytes than that; most texts need no counting. */
  function exceeds(text, bytes = Infinity) {
    return text.length * 3 > bytes && bytesOf(text) > bytes;
  }

  // ---- timers ----

  /** The longest delay that setTimeout can hold. */
  const LONGEST_MS = 2 ** 31 - 1;

  /** Milliseconds that only go forward, whatever happens to the clock on the wall. */
  function now() {
    return performance.now();
  }

  /** The timers of one client, so that none is left behind. */
  class Timers {
    #live = new Set();

    /** What takes longer than a timer can hold, Infinity too, is as good as never: 25 days. */
    later(ms, run) {
      const timer = setTimeout(() => {
        this.#live.delete(cancel);
        run();
      }, Math.min(ms, LONGEST_MS));
      const cancel = () => {
        this.#live.delete(cancel);
        clearTimeout(timer);
      };
      this.#live.add(cancel);
      return cancel;
    }

    stop() {
      for (const cancel of this.#live)
        cancel();
    }
  }

  // ---- link ----

  const SUBPROTOCOL = "roomcast.v1.json";
  const PING = '{"type":"ping"}';
  const OPEN = 1;
  const CLOSED = 3;
  /** What WebSocket says where no close frame came. */
  const NO_CLOSE_FRAME = 1006;

  /** One WebSocket from its opening to its end, and its heartbeat. */
  class Link {
    #socket;
    #owner;
    #heartbeatMs;
    #heardAt = 0;
    /** How many frames have come: whether any has since a certain instant. */
    #heard = 0;
    /** `heard` when the server was last asked whether it is there. */
    #asked = -1;
    #isOver = false;
    #timer;

    constructor(url, owner) {
      const { connectTimeoutMs, heartbeatMs, WebSocket } = owner.settings;
      this.#owner = owner;
      this.#heartbeatMs = heartbeatMs;
      const socket = new WebSocket(url, SUBPROTOCOL);
      this.#socket = socket;
      socket.onmessage = (event) => this.#receive(event.data);
      socket.onclose = (event) => this.drop(event.reason, undefined, event.code);
      socket.onerror = () => { }; // `onclose` follows; without a listener `ws` would throw
      this.#timer = owner.timers.later(connectTimeoutMs, () => this.drop("no welcome"));
    }

    /** Whether frames can be sent: not before the server has shown that it is one of Roomcast. */
    get isOpen() {
      return this.welcomedAt !== undefined && this.#socket.readyState === OPEN;
    }

    /** Whether the socket has been given far more than it could pass on. */
    get isCongested() {
      return this.#socket.bufferedAmount > this.#owner.settings.maxFrameBytes;
    }

    send(text) {
      this.#socket.send(text);
      this.#owner.textPassed("out", text);
    }

    /** The owner has found the greeting in order. */
    welcome(heartbeatMs) {
      this.welcomedAt = now();
      this.#heartbeatMs = Number(heartbeatMs) || this.#heartbeatMs;
      this.#beatIn(this.#heartbeatMs);
    }

    /** The machine may have slept, or changed its network: the server has to show that it is still there. */
    probe() {
      if (this.isOpen)
        this.#ask(this.#owner.settings.wakeTimeoutMs);
    }

    /** Says goodbye, so that the server takes me out of my rooms at once; waits for its answer, but not for long. */
    close() {
      this.#detach();
      const socket = this.#socket;
      return new Promise((resolve) => {
        const end = () => {
          cancel();
          socket.onclose = null;
          this.#giveUp();
          resolve();
        };
        const cancel = this.#owner.timers.later(this.#owner.settings.closeTimeoutMs, end);
        socket.onclose = end;
        // A browser complains of whoever closes what is not open yet.
        const goodbye = () => socket.close(1000);
        socket.onopen = goodbye;
        if (socket.readyState)
          goodbye();
        if (socket.readyState === CLOSED)
          end();
      });
    }

    /** Gives the socket up without waiting: a dead network answers no closing handshake for a minute. */
    drop(reason, error, closeCode = NO_CLOSE_FRAME) {
      if (this.#isOver)
        return;
      this.#detach();
      this.#giveUp();
      this.#owner.linkEnded(closeCode, reason, error);
    }

    #giveUp() {
      if (this.#socket.terminate)
        this.#socket.terminate();
      else
        this.#socket.close();
    }

    #detach() {
      this.#isOver = true;
      this.#timer();
      this.#socket.onmessage = this.#socket.onclose = null;
    }

    #receive(data) {
      this.#heardAt = now();
      this.#heard++;
      if (typeof data !== "string" || exceeds(data, this.#owner.settings.maxFrameBytes)) {
        return this.#refuse("is binary, or over maxFrameBytes");
      }
      this.#owner.textPassed("in", data);
      if (this.#isOver)
        return; // whoever saw the text has ended this
      try {
        this.#owner.frameCame(readFrame(data));
      } catch (cause) {
        this.#refuse("makes no sense", cause);
      }
    }

    #refuse(why, cause) {
      this.drop("bad frame", new RoomcastError("bad_frame", `A frame ${why}: is this a Roomcast server?`, { cause }));
    }

    #ask(answerMs) {
      this.#asked = this.#heard;
      this.#beatIn(answerMs); // first, as whoever sees the text may end this
      this.send(PING);
    }

    #beatIn(ms) {
      this.#timer();
      this.#timer = this.#owner.timers.later(ms, () => this.#beat());
    }

    /** Silent for a heartbeat: ask. Silent for another one after that: gone. */
    #beat() {
      const leftMs = this.#heardAt + this.#heartbeatMs - now();
      if (this.#asked === this.#heard)
        this.drop("silent");
      else if (leftMs > 0)
        this.#beatIn(leftMs);
      else
        this.#ask(this.#heartbeatMs);
    }
  }

  // ---- options ----

  const DEFAULTS = {
    session: true,
    connectTimeoutMs: 10_000,
    backOffMs: 100,
    backOffMaxMs: 20_000,
    stableMs: 5_000,
    heartbeatMs: 25_000,
    wakeTimeoutMs: 2_000,
    requestTimeoutMs: 10_000,
    publishTimeoutMs: 60_000,
    queueMessages: 1_000,
    queueBytes: 1_048_576,
    bufferMessages: 10_000,
    maxFrameBytes: 16_777_216,
    closeTimeoutMs: 1_000,
    random: Math.random,
  };

  // ---- request ----

  /** The types of the frames that answer. */
  const REPLIES = {
    auth: "authenticated",
    join: "joined",
    leave: "left",
    publish: "published",
    update: "updated",
    member: "ok",
  };

  /** A frame that is answered: from the call to its end, over as many connections as it takes. */
  class Request {
    /** It may have reached the server. */
    wasSent = false;
    /** Under which its reply comes, on the connection that it was last sent on. */
    id = 0;
    isOver = false;
    #client;
    #settle;

    constructor(client, type, body, options) {
      this.type = type;
      this.body = body;
      this.options = options;
      const { timeoutMs = client.settings.requestTimeoutMs, signal, onEnd } = options;
      this.#client = client;
      this.deadline = now() + (timeoutMs || Infinity);
      this.promise = new Promise((resolve, reject) => {
        const cancel = client.timers.later(timeoutMs || Infinity, () => this.fail(this.#error("timeout", `within ${timeoutMs} ms`)));
        this.#settle = (error, frame) => {
          this.isOver = true;
          this.forget();
          cancel();
          ignore();
          onEnd?.(error);
          if (frame)
            resolve(frame);
          else
            reject(error);
        };
        const ignore = listen(signal, "abort", () => this.fail(signal?.reason));
      });
      this.promise.catch(() => { });
    }

    get isAwaited() {
      return this.#client.awaited.get(this.id) === this;
    }

    /** No reply is awaited any more: it was refused for now, or its connection has ended. */
    forget() {
      if (this.isAwaited)
        this.#client.awaited.delete(this.id);
    }

    /** Takes a frame with its id; one of a type that is no reply to it is ignored. */
    take(frame) {
      if (frame.type === "error") {
        this.forget();
        const error = refusal(frame);
        if (!this.options.onRefusal?.(error))
          this.fail(error);
      } else if (frame.type === (REPLIES[this.type] ?? this.type)) {
        this.forget();
        this.options.onReply?.(frame);
        this.done(frame);
      }
    }

    done(frame) {
      if (!this.isOver)
        this.#settle(undefined, frame);
    }

    fail(error) {
      if (!this.isOver)
        this.#settle(error);
    }

    /** Its connection has ended, and it cannot be repeated. */
    failUnconfirmed() {
      this.fail(this.#error("unconfirmed", "before the connection ended"));
    }

    #error(code, when) {
      const { room, data } = this.options;
      const advice = this.wasSent ? "it may have happened" : "it was not sent, try again";
      return new RoomcastError(code, `No reply to ${this.type} ${when}: ${advice}.`, { request: this.type, room, data });
    }
  }

  /** A promise of what `start` returns or throws. Whoever does not look at it is not ended by its failure. */
  function attempt(start) {
    const promise = (async () => start())();
    promise.catch(() => { });
    return promise;
  }

  // ---- connector ----

  /** A server's wish to be left alone counts up to here. */
  const LONGEST_RETRY_AFTER_MS = 300_000;
  const PROTOCOL = 1;
  /** How often it is looked whether the machine has slept, and how late that has to come. */
  const WATCH_MS = 5_000;
  /** PROTOCOL.md, Close codes: after these nobody is to connect again by itself. */
  const FINAL_CODE = /^(100[023789]|4[5-9]..)$/;

  /** Keeps a connection (it is the owner of a `Link`), one after the other, until it is closed or the server says that it is final. */
  class Connector extends Emitter {
    /** @internal */
    timers = new Timers();
    #status = "connecting";
    #link;
    /** What `auth` on the present connection is to say. */
    #linkToken;
    /** Attempts since a connection has last held: the exponent of the back-off. */
    #attempt = 0;
    /** What `closing` has asked for. */
    #retryAfterMs;
    #retry;
    /** Counts connections and their ends, so that a token for one that is over is not used. */
    #turn = 0;
    #closing;
    #globalListeners;

    /** @internal */
    constructor(url, WebSocket, options) {
      super();
      this.url = url;
      this.settings = { ...DEFAULTS, ...options, WebSocket };
      this.#globalListeners = [
        listen(globalThis, "online", () => this.#hurry()),
        // Who closes the page is gone at once, and not only after the grace. If the browser shows it again, it comes back.
        listen(globalThis, "pagehide", () => this.#link?.close().then(() => this.linkEnded(NO_CLOSE_FRAME, "page hidden"))),
        listen(options.signal, "abort", () => this.close()),
      ];
      this.#watch();
    }

    get status() {
      return this.#status;
    }

    /** Leaves all rooms and ends the connection for good. What waits fails with `closed`. Nothing is left behind. */
    close() {
      if (!this.closedBy)
        this.#closing = this.#stop(new RoomcastError("closed", "The client was closed: connect anew."), false);
      return this.#closing ?? Promise.resolve();
    }

    /** @internal */
    start() {
      this.#retry?.();
      this.#retry = undefined;
      const turn = ++this.#turn;
      if (this.settings.token === undefined)
        return this.#open();
      this.nextToken().then((token) => turn === this.#turn && this.#open(token), (error) => turn === this.#turn && this.linkEnded(NO_CLOSE_FRAME, "no token", error));
    }

    /** @internal */
    get isOpen() {
      return !!this.#link?.isOpen;
    }

    /** @internal */
    get isCongested() {
      return !!this.#link?.isCongested;
    }

    /** @internal */
    sendText(text) {
      if (this.isOpen)
        this.#link?.send(text);
    }

    /** @internal */
    frameCame(frame) {
      if (frame.type === "welcome") {
        if (this.isOpen)
          return; // once is enough
        if (frame["protocol"] !== PROTOCOL) {
          return this.end("unsupported_protocol", `The server speaks protocol ${frame["protocol"]}: use its client.`);
        }
        this.#link?.welcome(frame["heartbeatMs"]);
        this.opened(frame, this.#linkToken);
        this.#setStatus("connected");
      } else if (frame.type === "closing") {
        this.#retryAfterMs = Math.min(frame["retryAfterMs"] ?? 0, LONGEST_RETRY_AFTER_MS);
      } else {
        this.take(frame);
      }
    }

    /** @internal */
    textPassed(direction, text) {
      this.emit("frame", { direction, text });
    }

    /** @internal */
    linkEnded(closeCode, reason, error) {
      const { timers, settings } = this;
      const welcomedAt = this.#link?.welcomedAt ?? Infinity;
      this.#link = undefined;
      this.#turn++;
      if (now() - welcomedAt >= settings.stableMs)
        this.#attempt = 0;
      this.lost(closeCode);
      if (error)
        this.emit("error", error);
      if (FINAL_CODE.test(closeCode))
        this.end("closed", `The server closed for good: ${closeCode} ${reason}.`, closeCode);
      if (this.#status === "connected")
        this.#setStatus("reconnecting");
      if (this.closedBy || this.#link || this.#retry)
        return; // the end, or a listener was faster
      const backOffMs = settings.random() * Math.min(settings.backOffMaxMs, settings.backOffMs * 2 ** this.#attempt++);
      const retryInMs = this.#retryAfterMs ?? backOffMs;
      this.#retryAfterMs = undefined;
      this.#retry = timers.later(retryInMs, () => this.start());
      this.emit("retry", { closeCode, reason, retryInMs });
    }

    /** @internal A token of the user's, or an error of code `token`. */
    nextToken() {
      const { timers, settings: { token, connectTimeoutMs } } = this;
      return new Promise((resolve, reject) => {
        const fail = (cause) => reject(new RoomcastError("token", `The token provider has to give a string in time. ${cause ?? ""}`, { cause }));
        const cancel = timers.later(connectTimeoutMs, fail);
        attempt(async () => (typeof token === "function" ? token() : token))
          .then((given) => (typeof given === "string" ? resolve(given) : fail()), fail)
          .finally(cancel);
      });
    }

    /** @internal The client cannot go on. */
    end(code, message, closeCode, cause) {
      if (!this.closedBy)
        this.#stop(new RoomcastError(code, message, { closeCode, cause }), true);
    }

    #open(token) {
      this.#linkToken = token;
      try {
        this.#link = new Link(this.url, this);
      } catch (cause) {
        this.end("bad_url", `The WebSocket refuses ${this.url}. ${cause}`, undefined, cause);
      }
    }

    /** The network is back, or the machine is awake: no need to sit out the rest of a wait. */
    #hurry() {
      this.#link?.probe();
      if (this.#retry)
        this.start();
    }

    #setStatus(status) {
      if (this.#status === status || this.closedBy)
        return;
      this.#status = status;
      this.emit("status", { status });
    }

    #stop(error, isFault) {
      const link = this.#link;
      this.closedBy = error;
      this.#status = "closed";
      this.#link = undefined;
      this.#turn++;
      for (const off of this.#globalListeners)
        off();
      this.ended(error, isFault);
      this.timers.stop();
      const closing = link?.close();
      const { closeCode } = error;
      this.emit("status", { status: "closed", ...(isFault && { error }), ...(closeCode && { closeCode }) });
      return closing;
    }

    /** A timer that comes late by the wall clock has slept with the machine. */
    #watch() {
      const late = Date.now() + 2 * WATCH_MS;
      this.timers.later(WATCH_MS, () => {
        this.#watch(); // first, as the rest may be the end of the client
        if (Date.now() >= late)
          this.#hurry();
      });
    }
  }

  // ---- pace ----

  /** Of the five seconds' worth that the server takes at once. The fifth is for what arrives closer together than it was sent. */
  const BURST_SECONDS = 4;

  /**
   * How often something may be sent: some seconds' worth at once, then at its rate, as the server counts it (PROTOCOL.md,
   * Limits). Keeping to it spares refusals, and with them messages that overtake one that has to be repeated.
   */
  class Pace {
    #perSecond = Infinity;
    /** Below 0 where turns have been given for later. */
    #left = Infinity;
    #countedAt = 0;

    /** A new connection, with this limit. */
    begin(perSecond) {
      this.#perSecond = Number(perSecond) || Infinity;
      this.#left = BURST_SECONDS * this.#perSecond;
      this.#countedAt = now();
    }

    /** Gives the next turn, and says in how many milliseconds it is. */
    turn() {
      const sinceMs = now() - this.#countedAt;
      this.#countedAt = now();
      if (this.#perSecond === Infinity)
        return 0;
      this.#left = Math.min(BURST_SECONDS * this.#perSecond, this.#left + (sinceMs * this.#perSecond) / 1_000) - 1;
      return Math.max(0, (-this.#left * 1_000) / this.#perSecond);
    }

    /** For what goes out at once or never: a turn if there is one. What the server refuses, it does not count either. */
    pass() {
      if (this.turn() > 0)
        this.#left++;
    }
  }

  // ---- queue ----

  /** Refusals that pass by themselves, where the server does not say when. */
  const RETRY_AFTER_MS = 1_000;

  /** Whether the same request may be taken later. */
  function isPassing(error) {
    return error.code === "rate_limited" || error.code === "unavailable";
  }

  /** The requests of one room that are not over, in the order of the calls, and those among them that wait. */
  class RoomRequests {
    #client;
    #requests = new Set();
    /** The room's join is on its way on this connection, or answered. */
    isOpen = false;
    /** There are requests that are not sent on this connection; those behind them wait too. */
    #isWaiting = false;
    /** When the first that waits may go: it was refused for now, or the pace says so. */
    #goesAt = 0;
    #timer;

    constructor(client) {
      this.#client = client;
    }

    /** Whether a request would go out at once. */
    get isClear() {
      return this.isOpen && !this.#isWaiting && this.#client.isOpen;
    }

    /** Publishes that wait. */
    *waiting() {
      for (const request of this.#requests)
        if (request.type === "publish" && !request.isAwaited)
          yield request;
    }

    add(request) {
      this.#requests.add(request);
      if (this.isClear && this.#mayGo(request))
        this.#client.send(request);
      else
        this.#isWaiting = true;
    }

    remove(request) {
      this.#requests.delete(request);
    }

    /** The connection has ended, or the join was refused for now. */
    close() {
      this.isOpen = false;
      this.#goesAt = 0;
      this.#timer?.();
    }

    flush() {
      if (!this.isOpen || !this.#isWaiting || !this.#client.isOpen)
        return;
      for (const request of this.#requests) {
        if (request.isAwaited)
          continue;
        // Whether a key still counts is said by the reply to `session`.
        if (request.options.whenLost === "keyed" && request.wasSent && !this.#client.isSessionKnown)
          return;
        if (!this.#mayGo(request))
          return;
        this.#client.send(request);
      }
      this.#isWaiting = false;
    }

    /** The connection ended before a reply came. */
    lost(request) {
      const { whenLost } = request.options;
      this.#isWaiting = true;
      if (whenLost === "unconfirmed" || (whenLost === "keyed" && !this.#client.settings.session))
        request.failUnconfirmed();
    }

    /** The session is another one: keys of the one before mean nothing in it. */
    notRestored() {
      for (const request of this.waiting())
        if (request.wasSent)
          request.failUnconfirmed();
    }

    /** It was refused: it has not happened, and is sent again at its place, if there is time enough. */
    repeat(request, retryAfterMs = RETRY_AFTER_MS) {
      const at = now() + retryAfterMs;
      if (at > request.deadline)
        return false;
      request.wasSent = false;
      this.#isWaiting = true;
      this.#goesAt = Math.max(this.#goesAt, at);
      this.flush();
      return true;
    }

    failAll(error) {
      this.close();
      for (const request of this.#requests)
        request.fail(error);
    }

    /** Whether it is this request's turn; if not, the room goes on when it is. */
    #mayGo({ type }) {
      const { timers, publishes } = this.#client;
      if (!this.#goesAt && (type === "publish" || type === "update"))
        this.#goesAt = now() + publishes.turn();
      const waitMs = this.#goesAt - now();
      this.#timer?.();
      if (waitMs > 0)
        this.#timer = timers.later(waitMs, () => this.flush());
      else
        this.#goesAt = 0;
      return waitMs <= 0;
    }
  }

  // ---- entry ----

  /** How a room is entered, again and again: its `join` on each connection, and who waits for the answer. */
  class Entry {
    #client;
    #room;
    /** Calls of `client.join` that wait; these requests are never sent themselves. */
    #waiting = new Set();
    #request;
    /** A `joined` whose pages are still coming. */
    #pages;
    #timer;
    /** What the next join asks for. */
    options = {};

    constructor(client, room) {
      this.#client = client;
      this.#room = room;
    }

    /** Kept with the next `joined`. */
    wait(options) {
      const waiting = new Request(this.#client, "join", "", {
        ...options,
        room: this.#room.id,
        whenLost: "again",
        onEnd: (error) => {
          this.#waiting.delete(waiting);
          if (error && this.#waiting.size === 0)
            this.#room.abandoned();
        },
      });
      this.#waiting.add(waiting);
      return waiting.promise;
    }

    /** Sends `join`, when its turn has come. */
    send() {
      const { timers, joins, isOpen } = this.#client;
      if (!isOpen)
        return;
      this.#timer?.();
      const waitMs = joins.turn();
      if (waitMs > 0)
        this.#timer = timers.later(waitMs, () => this.#sendNow());
      else
        this.#sendNow();
    }

    /** The connection has ended, or I am not to be in the room any more. */
    suspend() {
      this.#timer?.();
      this.#request = this.#pages = undefined;
    }

    /** A page of what `joined` had too much of. */
    page({ members = [], state, more }) {
      const pages = this.#pages;
      if (!pages)
        return;
      pages.members?.push(...members);
      if (state)
        pages.state?.push(state);
      if (!more)
        this.#complete(pages);
    }

    end(error) {
      this.suspend();
      for (const waiting of this.#waiting)
        waiting.fail(error);
    }

    #sendNow() {
      if (!this.#client.isOpen)
        return;
      const { id: room, resume } = this.#room;
      const request = new Request(this.#client, "join", toJson({ room, ...this.options, resume }), {
        whenLost: "dropped",
        room,
        onReply: (frame) => request === this.#request && this.#joined(frame),
        onRefusal: (error) => {
          if (request === this.#request)
            this.#refused(error);
          return false;
        },
        // A server that does not answer is asked again; who waits for it has a time-out of its own.
        onEnd: (error) => {
          if (request === this.#request && error?.code === "timeout")
            this.send();
        },
      });
      this.suspend();
      this.#request = request;
      this.#client.send(request);
      this.#room.requests.isOpen = true;
    }

    #joined(joined) {
      const { members, state } = joined;
      this.#pages = { joined, members: members && [...members], state: state && [state] };
      if (!joined["more"])
        this.#complete(this.#pages);
    }

    #complete(pages) {
      this.#pages = undefined;
      this.#room.entered(pages);
      for (const waiting of this.#waiting)
        waiting.done(pages.joined);
    }

    #refused(error) {
      this.#room.requests.close();
      if (!isPassing(error)) {
        this.#room.refused(error);
        for (const waiting of this.#waiting)
          waiting.fail(error);
        return;
      }
      const waitMs = error.retryAfterMs ?? RETRY_AFTER_MS;
      this.#timer = this.#client.timers.later(waitMs, () => this.send());
      for (const waiting of this.#waiting)
        if (waiting.deadline < now() + waitMs)
          waiting.fail(error);
    }
  }

  // ---- members ----

  const NO_NEWS = { joined: [], left: [], changed: [] };

  /** News in its order: those who left, then those who joined, then those who changed. */
  function applyNews(list, { left = [], joined = [], changed = [] }) {
    for (const id of left)
      list.delete(id);
    for (const entry of [...joined, ...changed])
      list.set(entry.id, entry);
    return { joined, left, changed };
  }

  /** What has become of one list, as news. */
  function difference(before, after) {
    const entries = [...after.values()];
    return {
      joined: entries.filter(({ id }) => !before.has(id)),
      left: [...before.keys()].filter((id) => !after.has(id)),
      changed: entries.filter((entry) => before.has(entry.id) && !isSame(before.get(entry.id), entry)),
    };
  }

  // ---- state ----

  /** A room's state as it is now: read-only, and right behind every frame. Keys are data, `__proto__` too. */
  class RoomState {
    #entries = new Map();
    #version = 0;
    #listeners = new Emitter();

    /** How often the room's state has changed. */
    get version() {
      return this.#version;
    }

    get size() {
      return this.#entries.size;
    }

    get(key) {
      return this.#entries.get(key)?.value;
    }

    has(key) {
      return this.#entries.has(key);
    }

    /** The room's version that wrote this key, 0 if it is not there: for `if` of an update. */
    versionOf(key) {
      return this.#entries.get(key)?.version ?? 0;
    }

    *[Symbol.iterator]() {
      for (const [key, { value }] of this.#entries)
        yield [key, value];
    }

    /** Calls `listener` with the key's value, now and after each change; `undefined` where there is none. */
    subscribe(key, listener) {
      callSafely(listener, this.get(key));
      return this.#listeners.on(key, listener);
    }

    /** @internal Pages of a change, or with `isWhole` of all there is; what is returned is the difference. */
    apply(parts, version, isWhole) {
      const changes = [];
      const before = this.#entries;
      const gone = new Set(isWhole ? before.keys() : []);
      if (isWhole)
        this.#entries = new Map();
      for (const { set = {}, versions = {}, ...part } of parts) {
        for (const key of part.delete ?? [])
          if (this.#entries.delete(key))
            gone.add(key);
        for (const [key, value] of Object.entries(set)) {
          // What an object inherits under "__proto__" is no version.
          const entry = { value, version: Object.hasOwn(versions, key) ? versions[key] : version };
          this.#entries.set(key, entry);
          gone.delete(key);
          // The versions of another epoch may be the same by chance, so values are looked at too.
          if (!isWhole || !isSame(before.get(key), entry))
            changes.push({ key, ...entry, deleted: false });
        }
      }
      for (const key of gone)
        changes.push({ key, deleted: true, version });
      this.#version = version;
      return changes;
    }

    /** @internal Tells those who wait for single keys. */
    notify(changes) {
      for (const change of changes)
        this.#listeners.emit(change.key, change.value, change);
    }
  }

  // ---- stream ----

  /** Messages of a room for one `for await`, with a buffer between the room and a slower reader. */
  class MessageStream {
    #buffer = [];
    #limit;
    #isOver = false;
    /** Told behind what is in the buffer. */
    #reason;
    #wake = () => { };

    constructor(limit) {
      this.#limit = limit;
    }

    push(message) {
      if (this.#isOver)
        return;
      if (this.#buffer.push(message) > this.#limit) {
        this.#buffer.pop();
        this.end(new RoomcastError("overflow", "Messages come faster than they are read: set bufferMessages."));
      }
      this.#wake();
    }

    /** Without a reason it ends without an error. */
    end(reason) {
      if (this.#isOver)
        return;
      this.#isOver = true;
      this.#reason = reason;
      this.#wake();
    }

    /** `release` is called when the reader has come to the end, or has broken off. */
    async *read(release) {
      try {
        for (;;) {
          while (this.#buffer.length > 0)
            yield this.#buffer.shift();
          if (this.#reason !== undefined)
            throw this.#reason;
          if (this.#isOver)
            return;
          await new Promise((resolve) => (this.#wake = resolve));
        }
      } finally {
        release();
      }
    }
  }

  // ---- mirror ----

  /** What is known of a room: its frames turned into messages in order and once, a list of members, and a state. */
  class Mirror extends Emitter {
    status = "joining";
    /** Of the last kept message that was handed over. */
    offset = 0;
    /** How many members there are, me included. */
    count = 0;
    /** The room's state, live and read-only. */
    state = new RoomState();
    #streams = new Set();
    /** Events of a first join, until whoever awaits it has had a turn to listen. */
    #held;
    #takesState = false;
    /** Updates that are done, and wait until the state shows it. */
    #unseen = new Set();

    /** @internal */
    constructor(client, id) {
      super();
      this.id = id;
      this.client = client;
      this.entry = new Entry(client, this);
      this.requests = new RoomRequests(client);
    }

    /** Messages from here on. Ends when the room is left, with an error if nobody asked for that. */
    messages({ signal } = {}) {
      const stream = new MessageStream(this.client.settings.bufferMessages);
      const abort = () => stream.end(signal?.reason);
      const ignore = listen(signal, "abort", abort);
      if (signal?.aborted)
        abort();
      if (this.status === "left")
        stream.end();
      this.#streams.add(stream);
      return stream.read(() => {
        this.#streams.delete(stream);
        ignore();
      });
    }

    [Symbol.asyncIterator]() {
      return this.messages();
    }

    /** @internal The connection has ended; I come back with the next one. */
    suspend() {
      this.entry.suspend();
      this.requests.close();
      if (this.status === "joined")
        this.status = "rejoining";
    }

    /** @internal A frame of this room that answers no request. */
    take(frame) {
      switch (frame.type) {
        case "snapshot":
          return this.entry.page(frame);
        case "error":
          return this.emit("error", refusal(frame));
        case "left":
          return this.#removed(frame["reason"]);
        case "message":
          return this.#takeMessage(frame);
        case "messages":
          for (const message of frame["messages"])
            this.#takeMessage(message);
      }
      if (this.status !== "joined")
        return; // an earlier stay's, or behind a hole: the next `joined` has it
      switch (frame.type) {
        case "published": // without an id it is one with `echo: false`
          return this.passOwn(frame["offset"]);
        case "members":
          return this.#takeNews(frame);
        case "state":
          return this.#takeState(frame);
        case "gap":
          return this.#takeGap(frame);
      }
    }

    /** @internal Where I stand, for the next join. */
    get resume() {
      const version = this.#takesState ? this.state.version : undefined;
      return this.epoch === undefined ? undefined : { epoch: this.epoch, offset: this.offset, version };
    }

    /** @internal */
    entered({ joined, members, state }) {
      const { memberId, epoch, offset, version, count, messages = [], resumed, reason } = joined;
      const isFirst = this.epoch === undefined;
      const restored = memberId === this.memberId;
      const after = this.offset;
      const unseen = messages.filter((message) => epoch !== this.epoch || message["offset"] > after);
      this.epoch = epoch;
      this.memberId = memberId;
      this.status = "joined";
      if (isFirst)
        this.#hold();
      const told = [this.#enterMembers(members, count), this.#enterState(state, version)];
      if (resumed === false)
        this.#tell(() => this.emit("gap", { after, before: unseen[0]?.["offset"] ?? offset + 1, reason }));
      for (const message of unseen)
        this.#handOver(message);
      this.offset = offset;
      if (resumed)
        this.#tell(() => this.emit("resumed", { messages: unseen.length, restored }));
      for (const tell of told)
        if (tell && !isFirst)
          this.#tell(tell);
      this.requests.flush();
    }

    /** @internal A join was refused for good. Where I am in the room all the same, I stay. */
    refused(error) {
      if (this.status === "joined")
        this.requests.isOpen = true;
      else
        this.leaveWith({ reason: "refused", detail: error.code, error }, error);
    }

    /** @internal Nobody waits for the first join any more. */
    abandoned() {
      if (this.status === "joining")
        this.leaveWith({ reason: "left" }, this.#notMember());
    }

    /** @internal It is over. `error` is what the requests that wait fail with. */
    leaveWith(event, error = this.#notMember()) {
      const wasIn = this.status !== "joining";
      if (this.status === "left")
        return;
      this.#release();
      this.status = "left";
      this.client.forget(this);
      this.entry.end(error);
      this.requests.failAll(error);
      this.#show();
      for (const stream of this.#streams)
        stream.end(event.error);
      if (wasIn)
        this.emit("left", event);
    }

    /** @internal A message of mine that I do not get: its offset counts as seen. */
    passOwn(offset) {
      if (this.status !== "joined" || offset === undefined)
        return;
      if (offset > this.offset + 1)
        this.#resync();
      else
        this.offset = Math.max(this.offset, offset);
    }

    /** @internal Kept when the state shows this version, or will not. */
    async shown(version) {
      const epoch = this.epoch;
      while (this.#takesState && this.status !== "left" && this.epoch === epoch && this.state.version < version) {
        await new Promise((resolve) => this.#unseen.add(resolve));
      }
    }

    /** @internal */
    toMessage(frame) {
      const { type, room, ...message } = frame;
      return { ...message, mine: message["from"] === this.memberId };
    }

    #takeMessage(frame) {
      const { offset } = frame;
      if (this.status !== "joined" || offset <= this.offset)
        return;
      if (offset > this.offset + 1)
        return this.#resync();
      this.offset = offset ?? this.offset;
      this.#handOver(frame);
    }

    #handOver(frame) {
      const message = this.toMessage(frame);
      this.#tell(() => {
        this.emit("message", message);
        for (const stream of this.#streams)
          stream.push(message);
      });
    }

    #takeGap({ after, before }) {
      this.offset = Math.max(this.offset, before - 1);
      this.#tell(() => this.emit("gap", { after, before, reason: "slow_consumer" }));
    }

    /** I have lost the thread: the server says anew where the room stands. */
    #resync() {
      this.status = "rejoining";
      this.entry.send();
    }

    #takeNews(frame) {
      const count = frame["count"];
      this.count = count;
      const news = this.members ? applyNews(this.members, frame) : NO_NEWS;
      // The room has become too large for news by name.
      if (this.members?.size !== count)
        this.members = undefined;
      this.#tell(() => this.emit("members", { ...news, count }));
    }

    #takeState(frame) {
      const { version, since = version - 1, from } = frame;
      if (!this.#takesState)
        return;
      if (since !== this.state.version)
        return this.#resync();
      this.#tell(this.#stateEvent(this.state.apply([frame], version, false), from));
      this.#show();
    }

    #stateEvent(changes, from) {
      const event = { changes: changes, version: this.state.version, ...(from && { from }) };
      return () => {
        this.emit("state", event);
        this.state.notify(changes);
      };
    }

    #show() {
      for (const resolve of this.#unseen)
        resolve();
      this.#unseen.clear();
    }

    /** What there is to tell of it, if anything has changed; the lists are right at once. */
    #enterMembers(entries, count) {
      const before = this.members;
      const after = entries && new Map(entries.map((entry) => [entry.id, entry]));
      const news = before && after ? difference(before, after) : NO_NEWS;
      const hasChanged = count !== this.count || Object.values(news).some((list) => list.length > 0);
      this.members = after;
      this.count = count;
      return hasChanged && !!this.entry.options.members && (() => this.emit("members", { ...news, count }));
    }

    #enterState(parts, version) {
      this.#takesState = parts !== undefined;
      const changes = this.state.apply(parts ?? [], parts ? version : 0, parts?.[0]?.since === undefined);
      this.#show();
      return changes.length > 0 && this.#stateEvent(changes);
    }

    /** A first join's events come a turn later, so that whoever awaited it hears them all. */
    #hold() {
      this.#held = [];
      this.client.timers.later(0, () => this.#release());
    }

    #release() {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const tell of held)
        tell();
    }

    /** Nothing of the room is told once it is left. */
    #tell(tell) {
      if (this.#held)
        this.#held.push(tell);
      else if (this.status !== "left")
        tell();
    }

    #removed(detail) {
      this.leaveWith({ reason: "removed", ...(detail && { detail }), error: this.#notMember("The server took you out", "left") });
    }

    #notMember(why = "The room was left", code = "not_member") {
      return new RoomcastError(code, `${why}: join it again.`, { room: this.id });
    }
  }

  // ---- room ----

  /**
   * A room that I am in, until `leave()`, over all connections. Messages come in order and once; `state` and `members` are
   * right behind every frame.
   */
  class Room extends Mirror {
    publish(data, options = {}) {
      return attempt(async () => {
        const { confirm = true, timeoutMs = this.client.settings.publishTimeoutMs, signal, ...fields } = options;
        this.#check("publish", signal);
        const isPassing = fields.keep === false || fields.to !== undefined || !confirm;
        const text = toJson(data, this.#about("publish"));
        if (!isPassing)
          fields.key ??= this.client.newKey();
        const body = `${this.#body("publish", fields).slice(0, -1)},"data":${text}}`;
        this.#checkPublish(text, body, isPassing);
        if (isPassing)
          return this.client.sendFrame("publish", body);
        const { offset } = await this.#request("publish", body, {
          whenLost: "keyed",
          timeoutMs,
          signal,
          data,
          onReply: (frame) => fields.echo === false && this.passOwn(frame["offset"]),
        });
        return offset;
      });
    }

    /** Changes the state, all of it or nothing. Resolves when `room.state` shows it; `conflict` says what there was instead. */
    update(update, options) {
      return attempt(async () => {
        const { version, values = {} } = await this.#ask("update", { ...options, ...update }, "unconfirmed");
        await this.shown(version);
        return { version, values };
      });
    }

    /** Changes what I tell the others about myself. */
    setMember(member, options) {
      return attempt(async () => {
        const copy = JSON.parse(toJson(member, this.#about("member")));
        await this.#ask("member", { ...options, member: copy });
        this.entry.options.member = copy;
      });
    }

    /** Past messages, ascending. */
    history(options) {
      return attempt(async () => {
        const { messages, more } = await this.#ask("history", options);
        return { messages: messages.map((message) => this.toMessage(message)), more };
      });
    }

    /** Who is there, once, also where the room was joined without its list. */
    fetchMembers(options) {
      return attempt(async () => {
        const { members, count, more } = await this.#ask("members", options);
        return { members, count, more };
      });
    }

    /** Leaves for good; also when there is no connection just now. */
    leave(options = {}) {
      return attempt(async () => {
        this.client.check(options.signal);
        if (this.status === "left")
          return;
        const done = this.client.leave(this.id, this.#body("leave"), options);
        this.leaveWith({ reason: "left" });
        await done;
      });
    }

    /** What is asked, and how long the call may take. */
    async #ask(type, { timeoutMs, signal, ...fields } = {}, whenLost = "again") {
      this.#check(type, signal);
      return this.#request(type, this.#body(type, fields), { timeoutMs, signal, whenLost });
    }

    #request(type, body, options) {
      const request = new Request(this.client, type, body, {
        ...options,
        room: this.id,
        onRefusal: (error) => this.#repeats(request, error),
        onEnd: () => this.requests.remove(request),
      });
      this.requests.add(request);
      return request.promise;
    }

    /** Whether a refused request is sent again: refused for now, or because the join before it was. */
    #repeats(request, error) {
      if (error.code === "not_member" && this.status !== "joined")
        return this.requests.repeat(request, 0);
      return isPassing(error) && request.options.whenLost === "keyed" && this.requests.repeat(request, error.retryAfterMs);
    }

    #about(request) {
      return { request, room: this.id };
    }

    #body(request, fields) {
      return toJson({ ...fields, room: this.id }, this.#about(request));
    }

    #check(request, signal) {
      this.client.check(signal);
      if (this.status === "left") {
        throw new RoomcastError("left", "The room was left: join it again.", this.#about(request));
      }
    }

    /** What can be seen to fail, before anything is sent. */
    #checkPublish(data, body, isPassing) {
      const { limits, isOpen, isCongested } = this.client;
      const most = limits["dataBytes"];
      const fault = exceeds(data, most)
        ? ["too_large", `Data may have ${most} bytes: send less.`]
        : isPassing && (this.status !== "joined" || !isOpen)
          ? ["disconnected", "No connection, and this does not wait: leave it."]
          : isCongested || (!isPassing && !this.requests.isClear && this.client.isFull(body))
            ? ["queue_full", "Too much waits: publish later."]
            : undefined;
      if (fault)
        throw new RoomcastError(fault[0], fault[1], this.#about("publish"));
    }
  }

  // ---- client ----

  /** In code points, by the "u". */
  const ROOM_ID = /^[^\0-\x1f\x7f-\x9f]{1,128}$/u;
  /** Another connection has brought the session back: this client comes as a new one. */
  const CONNECTED_AGAIN = 4409;
  /** Tokens are renewed before they expire by a tenth of their time, but at least by so much. */
  const TOKEN_AHEAD_MS = 5_000;
  /** The clocks of client and server may differ by more than a token's life, so this is the least between two of them. */
  const TOKEN_APART_MS = 1_000;

  /** One session with a server, over one connection at a time. Made by `connect`. */
  class Client extends Connector {
    /** The server's limits, by their names in PROTOCOL.md. */
    limits = {};
    /** Whether this connection has brought back the session of the one before it. */
    restored = false;
    /** How long the others still see me when the connection is gone. */
    graceMs = 0;
    /** @internal Requests on the present connection whose replies are awaited, by id. */
    awaited = new Map();
    /** @internal The server has said whether the session is restored, or there is none. */
    isSessionKnown = false;
    /** @internal */
    publishes = new Pace();
    /** @internal */
    joins = new Pace();
    #rooms = new Map();
    /** Leaves that are not answered yet, by room. */
    #leaves = new Map();
    #lastId = 0;
    #lastKey = 0;
    #keyPrefix = `${Math.random()}${Math.random()}`;
    /** Brings the session back; whoever has it can, so it is kept here and nowhere else. */
    #secret;
    #renewal;

    /** @internal */
    constructor(url, Socket, options) {
      super(url, Socket, options);
      this.start();
      if (options.signal?.aborted)
        this.close();
    }

    /**
     * Joins a room and stays in it over all connections, until `room.leave()`. Joining it again gives the same room, in sync
     * anew. What comes behind the promise reaches listeners that are added right behind the `await`.
     */
    join(id, options = {}) {
      return attempt(async () => {
        const { timeoutMs, signal, ...about } = options;
        this.check(signal);
        if (typeof id !== "string" || !ROOM_ID.test(id)) {
          throw new RoomcastError("bad_room", "Give 1 to 128 characters, no control characters.", { request: "join", room: id });
        }
        // A copy, so that what is sent on later connections is what was checked now.
        const wanted = JSON.parse(toJson(about, { request: "join", room: id }));
        const room = this.#rooms.get(id) ?? new Room(this, id);
        this.#rooms.set(id, room);
        Object.assign(room.entry.options, wanted);
        const entered = room.entry.wait(options);
        room.entry.send();
        await entered;
        return room;
      });
    }
    // ---- Sending: for the rooms -------------------------------------------------------------------------------------------

    /** @internal Refuses a call that cannot succeed any more. */
    check(signal) {
      if (this.closedBy)
        throw this.closedBy;
      signal?.throwIfAborted();
    }

    /** @internal */
    send(request) {
      const { type, body, options } = request;
      const { frameBytes: most } = this.limits;
      request.id = ++this.#lastId;
      const text = frameText(type, request.id, body);
      if (exceeds(text, most)) {
        // The server would close for good, and everything else would end with it.
        const message = `A frame may have ${most} bytes: send less.`;
        return request.take({ type: "error", code: "too_large", message, request: type, room: options.room });
      }
      request.wasSent = true;
      this.awaited.set(request.id, request);
      this.sendText(text);
    }

    /** @internal A publish whose reply is not awaited. */
    sendFrame(type, body) {
      this.publishes.pass();
      this.sendText(frameText(type, undefined, body));
    }

    /** @internal */
    leave(room, body, options) {
      const request = new Request(this, "leave", body, {
        ...options,
        whenLost: "again",
        room,
        onEnd: () => this.#leaves.get(room) === request && this.#leaves.delete(room),
      });
      this.#leaves.set(room, request);
      this.#sendLeave(request);
      return request.promise;
    }

    /** @internal */
    forget(room) {
      this.#rooms.delete(room.id);
    }

    /** @internal */
    newKey() {
      return `${this.#keyPrefix}-${++this.#lastKey}`;
    }

    /** @internal Whether no further publish may wait for the connection. */
    isFull(body) {
      let messages = 1;
      let bytes = bytesOf(body);
      for (const room of this.#rooms.values()) {
        for (const request of room.requests.waiting()) {
          messages++;
          bytes += bytesOf(request.body);
        }
      }
      return messages > this.settings.queueMessages || bytes > this.settings.queueBytes;
    }
    // ---- A connection -----------------------------------------------------------------------------------------------------

    /** @internal Everything that there is to say goes out at once: nothing of it needs the reply to something else. */
    opened({ limits }, token) {
      this.limits = { ...limits };
      this.publishes.begin(this.limits["publishesPerSecond"]);
      this.joins.begin(this.limits["joinsPerSecond"]);
      this.#lastId = 0;
      if (token !== undefined)
        this.#authenticate(token);
      this.isSessionKnown = !this.settings.session;
      if (this.settings.session)
        this.#askForSession();
      for (const room of this.#rooms.values()) {
        this.#sendLeave(this.#leaves.get(room.id)); // of an earlier stay in it
        room.entry.send();
      }
      for (const leave of this.#leaves.values())
        this.#sendLeave(leave);
      for (const room of this.#rooms.values())
        room.requests.flush();
    }

    /** @internal */
    take(frame) {
      const room = this.#rooms.get(frame["room"]);
      if (frame["id"] !== undefined)
        this.awaited.get(frame["id"])?.take(frame);
      else if (room)
        room.take(frame);
      else if (frame.type === "error")
        this.emit("error", refusal(frame));
      // A join that nobody waits for any more has come true.
      if (frame.type === "joined" && !room && !this.#leaves.has(frame["room"])) {
        this.sendFrame("leave", JSON.stringify({ room: frame["room"] }));
      }
    }

    /** @internal */
    lost(closeCode) {
      if (closeCode === CONNECTED_AGAIN)
        this.#secret = undefined;
      this.restored = false;
      this.#renewal?.();
      const awaited = [...this.awaited.values()];
      this.awaited.clear();
      for (const room of this.#rooms.values())
        room.suspend();
      for (const request of awaited) {
        const { whenLost, room } = request.options;
        if (whenLost === "dropped")
          request.fail(undefined);
        else if (room !== undefined)
          this.#rooms.get(room)?.requests.lost(request);
      }
    }

    /** @internal */
    ended(error, isFault) {
      for (const room of this.#rooms.values()) {
        room.leaveWith({ reason: "closed", ...(isFault && { detail: error.code, error }) }, error);
      }
      for (const request of [...this.#leaves.values(), ...this.awaited.values()])
        request.fail(error);
    }
    // ---- Session and token ------------------------------------------------------------------------------------------------

    #askForSession() {
      this.#request("session", { session: this.#secret }, ({ session, graceMs, restored = false }) => {
        this.#secret = session;
        this.graceMs = graceMs;
        this.#sessionKnown(restored);
        this.emit("session", { restored, graceMs });
      }).catch((error) => {
        if (this.#isTold(error))
          this.#sessionKnown(false); // a server without sessions, or one that does not answer
      });
    }

    #sessionKnown(restored) {
      this.restored = restored;
      this.isSessionKnown = true;
      for (const { requests } of this.#rooms.values()) {
        if (!restored)
          requests.notRestored();
        requests.flush();
      }
    }

    #authenticate(token) {
      this.#request("auth", { token }, ({ expiresAt }) => {
        if (!expiresAt)
          return;
        const leftMs = expiresAt - Date.now();
        const renewMs = Math.max(leftMs - Math.max(leftMs / 10, TOKEN_AHEAD_MS), TOKEN_APART_MS);
        this.#renewal?.();
        this.#renewal = this.timers.later(renewMs, () => this.#renewToken());
      }).catch((error) => {
        if (error?.code === "unauthorized")
          this.end(error.code, error.message);
        else
          this.#isTold(error); // a server that knows no tokens: the connection goes on
      });
    }

    #renewToken() {
      this.nextToken().then((token) => this.isOpen && this.#authenticate(token), (error) => this.#isTold(error));
    }

    /** An error that nobody awaits is an event, unless there is none: the connection is gone. */
    #isTold(error) {
      if (!error || this.closedBy)
        return false;
      this.emit("error", error);
      return true;
    }

    #request(type, body, onReply) {
      const request = new Request(this, type, JSON.stringify(body), { whenLost: "dropped", onReply });
      this.send(request);
      return request.promise;
    }

    #sendLeave(request) {
      if (!request || request.isAwaited || !this.isOpen)
        return;
      this.joins.turn();
      this.send(request);
    }
  }

  // ---- connect ----

  /**
   * Starts to connect and returns at once; what is asked of the client meanwhile waits. In a browser the address may be
   * relative to the page, such as "/ws".
   */
  function connect(url, options = {}) {
    const Socket = options.WebSocket ?? globalThis.WebSocket;
    if (!Socket)
      throw new RoomcastError("bad_request", "No WebSocket here: pass that of the package ws as an option.");
    return new Client(addressOf(`${url}`), Socket, options);
  }

  function addressOf(url) {
    const base = globalThis.location?.href.replace(/^http/, "ws");
    try {
      const address = new URL(url, base);
      address.hash = ""; // a WebSocket takes none
      if (/^wss?:/.test(address.href))
        return address.href;
    } catch {
      // neither absolute, nor is there anything to be relative to
    }
    throw new RoomcastError("bad_url", `Give an address that begins with ws: or wss:, not "${url}".`);
  }

  // ---- line ----

  /**
   * A network to try breaks on: connections made with its `WebSocket` end when it is cut, and none is made until it is
   * mended.
   *
   *     const line = new Line();
   *     const client = connect(url, { WebSocket: line.WebSocket });
   *     line.cut();
   */
  class Line {
    WebSocket;
    #isCut = false;
    #sockets = new Set();

    /** On top of the runtime's WebSocket, or of the one that is given. */
    constructor(Base = globalThis.WebSocket) {
      const open = (url, protocols) => (this.#isCut ? new DeadSocket() : this.#keep(new Base(url, protocols)));
      // What this returns takes the place of what `new` has made.
      this.WebSocket = function (url, protocols) {
        return open(url, protocols);
      };
    }

    get isCut() {
      return this.#isCut;
    }

    cut() {
      this.#isCut = true;
      for (const socket of this.#sockets)
        end(socket);
    }

    /** Clients notice when they try again; in a browser at once. */
    mend() {
      this.#isCut = false;
      globalThis.dispatchEvent?.(new Event("online"));
    }

    #keep(socket) {
      for (const earlier of this.#sockets)
        if (earlier.readyState === CLOSED)
          this.#sockets.delete(earlier);
      this.#sockets.add(socket);
      return socket;
    }
  }

  /** What comes of trying to connect where there is no network. Nothing is tried, so that no console complains. */
  class DeadSocket {
    readyState = CLOSED;
    bufferedAmount = 0;
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;

    constructor() {
      setTimeout(() => this.onclose?.({ code: 1006, reason: "cut" }), 0);
    }
    send() { }
    close() { }
  }

  /** Without a code: to the server it is no goodbye. */
  function end(socket) {
    if (socket.terminate)
      socket.terminate();
    else
      socket.close();
  }

  // ---- script ----

  const script = document.currentScript;
  const base = script?.src || location.href;

  /** Without an address it is "ws" next to where this script came from. */
  function connectFromHere(url = besideScript(), options = {}) {
    return connect(url, options);
  }

  function besideScript() {
    const address = new URL("ws", base);
    address.protocol = address.protocol.replace("http", "ws");
    return address.href;
  }

  Object.assign(globalThis, { roomcast: Object.freeze({ connect: connectFromHere, Line, RoomcastError }) });
})();
