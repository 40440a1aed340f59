import type { Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";
import { bytesOf } from "./json.js";
import type { Settings } from "./options.js";
import type { Pace } from "./pace.js";
import type { Request } from "./request.js";
import type { Timers } from "./timers.js";

/** Refusals that pass by themselves, where the server does not say when. */
const RETRY_AFTER_MS = 1_000;
/** Requests that the server counts as publishes. */
const PACED = new Set(["publish", "update"]);

/** The publishes of all rooms that wait for a connection, and how many they may be. */
export class OfflineQueue {
  readonly #waiting = new Map<Request, number>();
  readonly #settings: Settings;
  #bytes = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Refuses one more where the queue is full. */
  check(body: string, room: string): void {
    const { queueMessages, queueBytes } = this.#settings;
    if (this.#waiting.size < queueMessages && this.#bytes + bytesOf(body) <= queueBytes) return;
    throw queueFull(`${this.#waiting.size} publishes wait for the connection already`, room);
  }

  add(request: Request): void {
    if (this.#waiting.has(request)) return;
    const bytes = bytesOf(request.body);
    this.#waiting.set(request, bytes);
    this.#bytes += bytes;
  }

  remove(request: Request): void {
    this.#bytes -= this.#waiting.get(request) ?? 0;
    this.#waiting.delete(request);
  }
}

export function queueFull(why: string, room: string): RoomcastError {
  const message = `This cannot be published now, as ${why}: wait for some of them, or set queueMessages and queueBytes.`;
  return new RoomcastError("queue_full", message, { request: "publish", room });
}

/** What a room's requests need of the client. */
export interface RequestWire {
  readonly isOpen: boolean;
  /** The server has said whether the session is restored, or there is none. */
  readonly isSessionKnown: boolean;
  readonly timers: Timers;
  readonly offline: OfflineQueue;
  readonly publishes: Pace;
  send(request: Request): void;
}

/** The requests of one room that have not ended, in the order of the calls, and those among them that wait. */
export class RoomRequests {
  readonly #wire: RequestWire;
  readonly #requests = new Set<Request>();
  /** The room's join is on its way on this connection, or answered. */
  #isOpen = false;
  /** There are requests that are not sent on this connection; those behind them wait too. */
  #isWaiting = false;
  /** When the pace lets the first that waits go, once it has been asked. */
  #turnAt: number | undefined;
  #resumesAt = 0;
  #timer: Off | undefined;

  constructor(wire: RequestWire) {
    this.#wire = wire;
  }

  /** Whether a request would go out at once. */
  get isClear(): boolean {
    return this.#isOpen && !this.#isWaiting && this.#wire.isOpen;
  }

  add(request: Request): void {
    if (request.isOver) return;
    this.#requests.add(request);
    request.onEnd = () => {
      this.#requests.delete(request);
      this.#wire.offline.remove(request);
    };
    if (this.isClear && this.#mayGo(request)) this.#wire.send(request);
    else this.#wait(request);
  }

  /** The room's join has been sent: what waits may go out behind it. */
  open(): void {
    this.#isOpen = true;
  }

  /** The connection has ended, or the join was refused for now. */
  close(): void {
    this.#isOpen = false;
    this.#turnAt = undefined;
    this.#timer?.();
  }

  flush(): void {
    this.#timer?.();
    if (!this.#isOpen || !this.#isWaiting || !this.#wire.isOpen) return;
    const now = this.#wire.timers.now();
    if (this.#resumesAt > now) return this.#flushIn(this.#resumesAt - now);
    for (const request of this.#requests) {
      if (request.isAwaited) continue;
      if (request.options.whenLost === "keyed" && request.wasSent && !this.#wire.isSessionKnown) return;
      if (!this.#mayGo(request)) return;
      this.#wire.offline.remove(request);
      this.#wire.send(request);
    }
    this.#isWaiting = false;
  }

  /** The connection ended before a reply came. */
  lost(request: Request, hasSession: boolean): void {
    request.forget();
    const { whenLost } = request.options;
    if (whenLost === "unconfirmed" || (whenLost === "keyed" && !hasSession)) request.failUnconfirmed();
    else this.#wait(request);
  }

  /** The session is another one: keys of the one before mean nothing in it. */
  notRestored(): void {
    for (const request of [...this.#requests]) {
      if (request.options.whenLost === "keyed" && request.wasSent && !request.isAwaited) request.failUnconfirmed();
    }
  }

  /** It was refused for now: it has not happened, and will be sent again if there is time enough. */
  repeat(request: Request, retryAfterMs = RETRY_AFTER_MS): boolean {
    const at = this.#wire.timers.now() + retryAfterMs;
    if (at > request.deadline) return false;
    this.#resumesAt = Math.max(this.#resumesAt, at);
    this.requeue(request);
    this.flush();
    return true;
  }

  /** It has not happened, and waits again at its place. */
  requeue(request: Request): void {
    request.wasSent = false;
    this.#wait(request);
  }

  failAll(error: RoomcastError): void {
    this.close();
    for (const request of [...this.#requests]) request.fail(error);
  }

  #wait(request: Request): void {
    this.#isWaiting = true;
    if (request.type === "publish") this.#wire.offline.add(request);
  }

  /** Whether it is this request's turn; if not, the room goes on when it is. */
  #mayGo(request: Request): boolean {
    if (!PACED.has(request.type)) return true;
    const now = this.#wire.timers.now();
    this.#turnAt ??= now + this.#wire.publishes.turn(now);
    if (this.#turnAt > now) {
      this.#flushIn(this.#turnAt - now);
      return false;
    }
    this.#turnAt = undefined;
    return true;
  }

  #flushIn(ms: number): void {
    this.#timer = this.#wire.timers.after(ms, () => this.flush());
  }
}
