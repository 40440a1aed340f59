import { Connector } from "./connector.js";
import type { Off } from "./emitter.js";
import { RoomcastError, refusal } from "./errors.js";
import { type Frame, frameText } from "./frames.js";
import { bytesOf, exceeds, toJson } from "./json.js";
import type { ConnectOptions, WebSocketConstructor } from "./options.js";
import { Pace } from "./pace.js";
import { attempt, Request } from "./request.js";
import { Room } from "./room.js";
import type { AnyEvents, AnyState, CallOptions, JoinOptions } from "./types.js";

/** In code points, by the "u". */
const ROOM_ID = /^[^\0-\x1f\x7f-\x9f]{1,128}$/u;
/** Another connection has brought the session back: this client comes as a new one. */
const CONNECTED_AGAIN = 4409;
/** Tokens are renewed before they expire by a tenth of their time, but at least by so much. */
const TOKEN_AHEAD_MS = 5_000;
/** The clocks of client and server may differ by more than a token's life, so this is the least between two of them. */
const TOKEN_APART_MS = 1_000;

/** One session with a server, over one connection at a time. Made by `connect`. */
export class Client extends Connector {
  /** The server's limits, by their names in PROTOCOL.md. */
  limits: Readonly<Record<string, number>> = {};
  /** Whether this connection has brought back the session of the one before it. */
  restored = false;
  /** How long the others still see me when the connection is gone. */
  graceMs = 0;
  /** @internal Requests on the present connection whose replies are awaited, by id. */
  readonly awaited = new Map<number, Request>();
  /** @internal The server has said whether the session is restored, or there is none. */
  isSessionKnown = false;
  /** @internal */
  readonly publishes = new Pace();
  /** @internal */
  readonly joins = new Pace();
  readonly #rooms = new Map<string, Room>();
  /** Leaves that are not answered yet, by room. */
  readonly #leaves = new Map<string, Request>();
  #lastId = 0;
  #lastKey = 0;
  readonly #keyPrefix = `${Math.random()}${Math.random()}`;
  /** Brings the session back; whoever has it can, so it is kept here and nowhere else. */
  #secret: string | undefined;
  #renewal: Off | undefined;

  /** @internal */
  constructor(url: string, Socket: WebSocketConstructor, options: ConnectOptions) {
    super(url, Socket, options);
    this.start();
    if (options.signal?.aborted) this.close();
  }

  /**
   * Joins a room and stays in it over all connections, until `room.leave()`. Joining it again gives the same room, in sync
   * anew. What comes behind the promise reaches listeners that are added right behind the `await`.
   */
  join<Events = AnyEvents, State = AnyState, M = any>(id: string, options: JoinOptions<M> = {}): Promise<Room<Events, State, M>> {
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
      return room as unknown as Room<Events, State, M>;
    });
  }

  // ---- Sending: for the rooms -------------------------------------------------------------------------------------------

  /** @internal Refuses a call that cannot succeed any more. */
  check(signal: AbortSignal | undefined): void {
    if (this.closedBy) throw this.closedBy;
    signal?.throwIfAborted();
  }

  /** @internal */
  send(request: Request): void {
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
  sendFrame(type: string, body: string): undefined {
    this.publishes.pass();
    this.sendText(frameText(type, undefined, body));
  }

  /** @internal */
  leave(room: string, body: string, options: CallOptions): Promise<unknown> {
    const request: Request = new Request(this, "leave", body, {
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
  forget(room: { readonly id: string }): void {
    this.#rooms.delete(room.id);
  }

  /** @internal */
  newKey(): string {
    return `${this.#keyPrefix}-${++this.#lastKey}`;
  }

  /** @internal Whether no further publish may wait for the connection. */
  isFull(body: string): boolean {
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
  protected opened({ limits }: Frame, token: string | undefined): void {
    this.limits = { ...limits };
    this.publishes.begin(this.limits["publishesPerSecond"]);
    this.joins.begin(this.limits["joinsPerSecond"]);
    this.#lastId = 0;
    if (token !== undefined) this.#authenticate(token);
    this.isSessionKnown = !this.settings.session;
    if (this.settings.session) this.#askForSession();
    for (const room of this.#rooms.values()) {
      this.#sendLeave(this.#leaves.get(room.id)); // of an earlier stay in it
      room.entry.send();
    }
    for (const leave of this.#leaves.values()) this.#sendLeave(leave);
    for (const room of this.#rooms.values()) room.requests.flush();
  }

  /** @internal */
  protected take(frame: Frame): void {
    const room = this.#rooms.get(frame["room"]);
    if (frame["id"] !== undefined) this.awaited.get(frame["id"])?.take(frame);
    else if (room) room.take(frame);
    else if (frame.type === "error") this.emit("error", refusal(frame));
    // A join that nobody waits for any more has come true.
    if (frame.type === "joined" && !room && !this.#leaves.has(frame["room"])) {
      this.sendFrame("leave", JSON.stringify({ room: frame["room"] }));
    }
  }

  /** @internal */
  protected lost(closeCode: number): void {
    if (closeCode === CONNECTED_AGAIN) this.#secret = undefined;
    this.restored = false;
    this.#renewal?.();
    const awaited = [...this.awaited.values()];
    this.awaited.clear();
    for (const room of this.#rooms.values()) room.suspend();
    for (const request of awaited) {
      const { whenLost, room } = request.options;
      if (whenLost === "dropped") request.fail(undefined);
      else if (room !== undefined) this.#rooms.get(room)?.requests.lost(request);
    }
  }

  /** @internal */
  protected ended(error: RoomcastError, isFault: boolean): void {
    for (const room of this.#rooms.values()) {
      room.leaveWith({ reason: "closed", ...(isFault && { detail: error.code, error }) }, error);
    }
    for (const request of [...this.#leaves.values(), ...this.awaited.values()]) request.fail(error);
  }

  // ---- Session and token ------------------------------------------------------------------------------------------------

  #askForSession(): void {
    this.#request("session", { session: this.#secret }, ({ session, graceMs, restored = false }) => {
      this.#secret = session;
      this.graceMs = graceMs;
      this.#sessionKnown(restored);
      this.emit("session", { restored, graceMs });
    }).catch((error) => {
      if (this.#isTold(error)) this.#sessionKnown(false); // a server without sessions, or one that does not answer
    });
  }

  #sessionKnown(restored: boolean): void {
    this.restored = restored;
    this.isSessionKnown = true;
    for (const { requests } of this.#rooms.values()) {
      if (!restored) requests.notRestored();
      requests.flush();
    }
  }

  #authenticate(token: string): void {
    this.#request("auth", { token }, ({ expiresAt }) => {
      if (!expiresAt) return;
      const leftMs = expiresAt - Date.now();
      const renewMs = Math.max(leftMs - Math.max(leftMs / 10, TOKEN_AHEAD_MS), TOKEN_APART_MS);
      this.#renewal?.();
      this.#renewal = this.timers.later(renewMs, () => this.#renewToken());
    }).catch((error) => {
      if (error?.code === "unauthorized") this.end(error.code, error.message);
      else this.#isTold(error); // a server that knows no tokens: the connection goes on
    });
  }

  #renewToken(): void {
    this.nextToken().then(
      (token) => this.isOpen && this.#authenticate(token),
      (error) => this.#isTold(error),
    );
  }

  /** An error that nobody awaits is an event, unless there is none: the connection is gone. */
  #isTold(error: RoomcastError | undefined): boolean {
    if (!error || this.closedBy) return false;
    this.emit("error", error);
    return true;
  }

  #request(type: string, body: object, onReply: (frame: Frame) => void): Promise<Frame> {
    const request = new Request(this, type, JSON.stringify(body), { whenLost: "dropped", onReply });
    this.send(request);
    return request.promise;
  }

  #sendLeave(request: Request | undefined): void {
    if (!request || request.isAwaited || !this.isOpen) return;
    this.joins.turn();
    this.send(request);
  }
}
