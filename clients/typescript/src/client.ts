import { Connector, type ConnectorOwner } from "./connector.js";
import { Emitter, type Off } from "./emitter.js";
import { RoomcastError, refusal } from "./errors.js";
import { type Frame, frameText } from "./frames.js";
import { toJson } from "./json.js";
import { type ConnectOptions, type Settings, settingsOf, type WebSocketConstructor } from "./options.js";
import { Pace } from "./pace.js";
import { OfflineQueue } from "./queue.js";
import { attempt, Request } from "./request.js";
import { Room, type RoomWire } from "./room.js";
import { systemClock, Timers } from "./timers.js";
import { Tokens } from "./token.js";
import type { AnyEvents, AnyState, CallOptions, ClientEvents, ClientStatus, JoinOptions } from "./types.js";

const ROOM_ID_LENGTH = 128;
/** Another connection has brought the session back: this client comes as a new one. */
const CONNECTED_AGAIN = 4409;

/** One session with a server, over one connection at a time. Made by `connect`. */
export class Client extends Emitter<ClientEvents> {
  /** Where it connects to. */
  readonly url: string;
  readonly #settings: Settings;
  readonly #timers: Timers;
  readonly #tokens: Tokens | undefined;
  readonly #connector: Connector;
  readonly #offline: OfflineQueue;
  readonly #publishes = new Pace();
  readonly #joins = new Pace();
  readonly #wire: RoomWire;
  readonly #rooms = new Map<string, Room>();
  /** Leaves that are not answered yet, by room. */
  readonly #leaves = new Map<string, Request>();
  /** Requests on the present connection whose replies are awaited, by id. */
  readonly #awaited = new Map<number, Request>();
  #lastId = 0;
  #lastKey = 0;
  readonly #keyPrefix = `${random36()}${random36()}-`;
  /** Brings the session back; whoever has it can, so it is kept here and nowhere else. */
  #secret: string | undefined;
  #isSessionKnown = false;
  #restored = false;
  #graceMs = 0;
  #limits: Readonly<Record<string, unknown>> = {};
  #closed: RoomcastError | undefined;
  #closing: Promise<void> | undefined;
  #globalListeners: Off[] = [];

  /** @internal */
  constructor(url: string, Socket: WebSocketConstructor, options: ConnectOptions) {
    super("status", "retry", "session", "frame", "error");
    this.url = url;
    this.#settings = settingsOf(options);
    this.#timers = new Timers(options.clock ?? systemClock, () => this.#connector.hurry());
    this.#tokens =
      options.token === undefined ? undefined : new Tokens(options.token, this.#timers, this.#settings.connectTimeoutMs);
    this.#offline = new OfflineQueue(this.#settings);
    this.#wire = this.#roomWire();
    this.#connector = new Connector(url, Socket, this.#settings, this.#timers, this.#tokens, this.#connectorOwner());
    this.#listen(globalThis, "online", () => this.#connector.hurry());
    // Who closes the page is gone at once, and not only after the grace. The browser may yet show it again.
    this.#listen(globalThis, "pagehide", () => this.#connector.pause(true));
    this.#listen(globalThis, "pageshow", (event) => (event as PageTransitionEvent).persisted && this.#connector.resume());
    this.#listen(options.signal, "abort", () => this.close());
    this.#connector.start();
    this.#watch();
    if (options.signal?.aborted) this.close();
  }

  get status(): ClientStatus {
    return this.#connector.status;
  }

  /** Whether this connection has brought back the session of the one before it. */
  get restored(): boolean {
    return this.#restored;
  }

  /** How long the others still see me when the connection is gone. */
  get graceMs(): number {
    return this.#graceMs;
  }

  /** The server's limits, by the names in PROTOCOL.md. */
  get limits(): Readonly<Record<string, unknown>> {
    return this.#limits;
  }

  /**
   * Joins a room and stays in it over all connections, until `room.leave()`. Joining it again gives the same room, in sync
   * anew. What comes behind the promise reaches listeners that are added right behind the `await`.
   */
  join<Events = AnyEvents, State = AnyState, M = any>(id: string, options: JoinOptions<M> = {}): Promise<Room<Events, State, M>> {
    return attempt(() => {
      if (this.#closed) throw this.#closed;
      checkRoomId(id, this.#limit("roomIdLength") ?? ROOM_ID_LENGTH);
      const { timeoutMs, signal, ...about } = options;
      // A copy, so that what is sent on later connections is what was checked now.
      const wanted: JoinOptions = JSON.parse(toJson(about, "join", id));
      const room = this.#rooms.get(id) ?? new Room(this.#wire, id, {});
      this.#rooms.set(id, room);
      room.entry.change(wanted);
      const entered = room.entry.wait(options);
      room.entry.send();
      return entered.then(() => room as unknown as Room<Events, State, M>);
    });
  }

  /** The rooms that have been joined. */
  get rooms(): ReadonlyMap<string, Room> {
    return this.#rooms;
  }

  /** Leaves all rooms and ends the connection for good. What waits fails with `closed`. Nothing is left behind. */
  close(): Promise<void> {
    if (this.#closing) return this.#closing;
    const wasClosed = this.#closed !== undefined;
    this.#closing = Promise.resolve();
    if (wasClosed) return this.#closing;
    this.#closed = new RoomcastError("closed", "This client was closed: make a new one with connect().");
    this.#stop(this.#closed, undefined);
    this.#closing = this.#connector.close();
    this.emit("status", { status: "closed" });
    return this.#closing;
  }

  /** For trying things out: drops the connection as if the network were gone, and stays away until `mend()`. */
  cut(): void {
    this.#connector.pause(false);
  }

  /** The network is back, if `cut()` has taken it away. */
  mend(): void {
    this.#connector.resume();
  }

  // ---- A connection -----------------------------------------------------------------------------------------------------

  #connectorOwner(): ConnectorOwner {
    return {
      opened: (token) => this.#opened(token),
      welcomed: (frame) => this.#welcomed(frame),
      frame: (frame) => this.#frame(frame),
      text: (direction, text) => this.isHeard("frame") && this.emit("frame", { direction, text }),
      failed: (error) => this.emit("error", error),
      lost: (closeCode) => this.#lost(closeCode),
      retries: (event) => this.emit("retry", event),
      statusChanged: (status) => this.emit("status", { status }),
      ended: (error) => this.#ended(error),
    };
  }

  /** Everything that there is to say goes out at once: nothing of it needs the reply to something else. */
  #opened(token: string | undefined): void {
    this.#lastId = 0;
    this.#setPace();
    if (token !== undefined) this.#authenticate(token);
    this.#isSessionKnown = !this.#settings.session;
    if (this.#settings.session) this.#askForSession();
    for (const [id, room] of this.#rooms) {
      this.#sendLeave(id); // of an earlier stay in the same room
      room.entry.send();
    }
    for (const id of this.#leaves.keys()) this.#sendLeave(id);
    for (const room of this.#rooms.values()) room.requests.flush();
  }

  #welcomed(frame: Frame): void {
    this.#limits = Object.freeze({ ...frame["limits"] });
    if (!this.#connector.isOpen) return;
    this.#setPace();
  }

  #frame(frame: Frame): void {
    const room = this.#rooms.get(frame.room as string);
    // A join that nobody waits for any more has come true.
    if (frame.type === "joined" && room === undefined && !this.#leaves.has(frame.room as string)) {
      this.#post("leave", toJson({ room: frame.room }, "leave", ""));
    }
    if (frame.id !== undefined) this.#awaited.get(frame.id as number)?.take(frame);
    else if (room !== undefined) room.take(frame);
    else if (frame.type === "error") this.emit("error", refusal(frame));
  }

  #lost(closeCode: number): void {
    if (closeCode === CONNECTED_AGAIN) this.#secret = undefined;
    this.#restored = false;
    this.#tokens?.stop();
    const awaited = [...this.#awaited.values()];
    this.#awaited.clear();
    for (const room of this.#rooms.values()) room.suspend();
    for (const request of awaited) {
      const room = this.#rooms.get(request.options.room as string);
      if (request.options.whenLost === "dropped") request.fail(new RoomcastError("disconnected", "The connection has ended."));
      else if (request.type === "leave") request.forget();
      else room?.requests.lost(request, this.#settings.session);
    }
  }

  // ---- Session and token ------------------------------------------------------------------------------------------------

  #askForSession(): void {
    const body = this.#secret === undefined ? "{}" : JSON.stringify({ session: this.#secret });
    const request = this.#request("session", body, (frame) => {
      this.#secret = frame["session"];
      this.#graceMs = frame["graceMs"];
      this.#sessionKnown(frame["restored"] === true);
      this.emit("session", { restored: this.#restored, graceMs: this.#graceMs });
    });
    request.promise.catch((error) => {
      if (error.code === "disconnected" || this.#closed) return;
      this.emit("error", error);
      this.#sessionKnown(false); // a server without sessions, or one that does not answer
    });
  }

  #sessionKnown(restored: boolean): void {
    this.#restored = restored;
    this.#isSessionKnown = true;
    for (const room of this.#rooms.values()) {
      if (!restored) room.requests.notRestored();
      room.requests.flush();
    }
  }

  #authenticate(token: string): void {
    const request = this.#request("auth", JSON.stringify({ token }), (frame) => {
      this.#tokens?.expires(frame["expiresAt"], () => this.#renewToken());
    });
    request.promise.catch((error) => {
      if (error.code === "disconnected" || this.#closed) return;
      if (error.code === "unauthorized") this.#connector.end(error);
      else this.emit("error", error); // a server that knows no tokens; the connection goes on
    });
  }

  #renewToken(): void {
    this.#tokens?.next().then(
      (token) => this.#connector.isOpen && this.#authenticate(token),
      (error) => this.#closed || this.emit("error", error),
    );
  }

  // ---- Sending ----------------------------------------------------------------------------------------------------------

  #request(type: string, body: string, onReply: (frame: Frame) => void): Request {
    const timeoutMs = this.#settings.requestTimeoutMs;
    const request = new Request(this.#timers, type, body, { whenLost: "dropped", timeoutMs, onReply });
    this.#send(request);
    return request;
  }

  #send(request: Request): void {
    const id = ++this.#lastId;
    request.await(id, this.#awaited);
    this.#connector.send(frameText(request.type, id, request.body));
  }

  #post(type: string, body: string): void {
    if (this.#connector.isOpen) this.#connector.send(frameText(type, undefined, body));
  }

  #leave(id: string, { timeoutMs = this.#settings.requestTimeoutMs, signal }: CallOptions): Promise<void> {
    this.#rooms.delete(id);
    const body = toJson({ room: id }, "leave", id);
    const request = new Request(this.#timers, "leave", body, { whenLost: "again", room: id, timeoutMs, signal });
    request.onEnd = () => this.#leaves.get(id) === request && this.#leaves.delete(id);
    this.#leaves.get(id)?.fail(new RoomcastError("left", "The room was left once more.", { room: id }));
    this.#leaves.set(id, request);
    this.#sendLeave(id);
    return request.promise.then(() => {});
  }

  #sendLeave(id: string): void {
    const request = this.#leaves.get(id);
    if (request === undefined || request.isAwaited || !this.#connector.isOpen) return;
    this.#joins.turn(this.#timers.now());
    this.#send(request);
  }

  #setPace(): void {
    const now = this.#timers.now();
    this.#publishes.begin(this.#limits["publishesPerSecond"], now, this.#lastId);
    this.#joins.begin(this.#limits["joinsPerSecond"], now, this.#lastId);
  }

  #limit(name: string): number | undefined {
    const limit = this.#limits[name];
    return typeof limit === "number" ? limit : undefined;
  }

  #roomWire(): RoomWire {
    const client = this;
    return {
      timers: this.#timers,
      settings: this.#settings,
      offline: this.#offline,
      publishes: this.#publishes,
      joins: this.#joins,
      get isOpen() {
        return client.#connector.isOpen;
      },
      get isCongested() {
        return client.#connector.isCongested;
      },
      get isSessionKnown() {
        return client.#isSessionKnown;
      },
      get closed() {
        return client.#closed;
      },
      limit: (name) => this.#limit(name),
      newKey: () => `${this.#keyPrefix}${++this.#lastKey}`,
      send: (request) => this.#send(request),
      post: (type, body) => this.#post(type, body),
      leave: (id, options) => this.#leave(id, options),
      forget: (id) => this.#rooms.delete(id),
    };
  }

  // ---- The end ----------------------------------------------------------------------------------------------------------

  /** The server's word, or a fault that connecting again would not mend. */
  #ended(error: RoomcastError): void {
    this.#closed = error;
    this.#stop(error, error.code);
    const { closeCode } = error;
    this.emit("status", closeCode === undefined ? { status: "closed", error } : { status: "closed", error, closeCode });
  }

  #stop(error: RoomcastError, detail: string | undefined): void {
    for (const off of this.#globalListeners.splice(0)) off();
    for (const room of [...this.#rooms.values()]) room.close(error, detail);
    this.#rooms.clear();
    for (const request of [...this.#leaves.values(), ...this.#awaited.values()]) request.fail(error);
    this.#timers.stop();
  }

  #listen(target: object | undefined, event: string, listener: (event: Event) => unknown): void {
    const events = target as EventTarget | undefined;
    if (typeof events?.addEventListener !== "function") return;
    events.addEventListener(event, listener);
    this.#globalListeners.push(() => events.removeEventListener(event, listener));
  }

  /** A timer that comes late tells of a sleep of the machine; so there is always one. */
  #watch(): void {
    this.#timers.after(5_000, () => this.#watch());
  }
}

function random36(): string {
  return Math.random().toString(36).slice(2);
}

function checkRoomId(id: unknown, most: number): void {
  const isGood = typeof id === "string" && id !== "" && !/[\u0000-\u001f\u007f-\u009f]/.test(id) && [...id].length <= most;
  if (isGood) return;
  const message = `A room id is a string of 1 to ${most} characters without control characters: choose another one.`;
  throw new RoomcastError("bad_room", message, typeof id === "string" ? { request: "join", room: id } : { request: "join" });
}
