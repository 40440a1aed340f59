import type { Client } from "./client.js";
import type { Off } from "./emitter.js";
import type { RoomcastError } from "./errors.js";
import type { Request } from "./request.js";
import { now } from "./timers.js";

/** Refusals that pass by themselves, where the server does not say when. */
export const RETRY_AFTER_MS = 1_000;

/** Whether the same request may be taken later. */
export function isPassing(error: RoomcastError): boolean {
  return error.code === "rate_limited" || error.code === "unavailable";
}

/** The requests of one room that are not over, in the order of the calls, and those among them that wait. */
export class RoomRequests {
  readonly #client: Client;
  readonly #requests = new Set<Request>();
  /** The room's join is on its way on this connection, or answered. */
  isOpen = false;
  /** There are requests that are not sent on this connection; those behind them wait too. */
  #isWaiting = false;
  /** When the first that waits may go: it was refused for now, or the pace says so. */
  #goesAt = 0;
  #timer: Off | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether a request would go out at once. */
  get isClear(): boolean {
    return this.isOpen && !this.#isWaiting && this.#client.isOpen;
  }

  /** Publishes that wait. */
  *waiting(): Iterable<Request> {
    for (const request of this.#requests) if (request.type === "publish" && !request.isAwaited) yield request;
  }

  add(request: Request): void {
    this.#requests.add(request);
    if (this.isClear && this.#mayGo(request)) this.#client.send(request);
    else this.#isWaiting = true;
  }

  remove(request: Request): void {
    this.#requests.delete(request);
  }

  /** The connection has ended, or the join was refused for now. */
  close(): void {
    this.isOpen = false;
    this.#goesAt = 0;
    this.#timer?.();
  }

  flush(): void {
    if (!this.isOpen || !this.#isWaiting || !this.#client.isOpen) return;
    for (const request of this.#requests) {
      if (request.isAwaited) continue;
      // Whether a key still counts is said by the reply to `session`.
      if (request.options.whenLost === "keyed" && request.wasSent && !this.#client.isSessionKnown) return;
      if (!this.#mayGo(request)) return;
      this.#client.send(request);
    }
    this.#isWaiting = false;
  }

  /** The connection ended before a reply came. */
  lost(request: Request): void {
    const { whenLost } = request.options;
    this.#isWaiting = true;
    if (whenLost === "unconfirmed" || (whenLost === "keyed" && !this.#client.settings.session)) request.failUnconfirmed();
  }

  /** The session is another one: keys of the one before mean nothing in it. */
  notRestored(): void {
    for (const request of this.waiting()) if (request.wasSent) request.failUnconfirmed();
  }

  /** It was refused: it has not happened, and is sent again at its place, if there is time enough. */
  repeat(request: Request, retryAfterMs = RETRY_AFTER_MS): boolean {
    const at = now() + retryAfterMs;
    if (at > request.deadline) return false;
    request.wasSent = false;
    this.#isWaiting = true;
    this.#goesAt = Math.max(this.#goesAt, at);
    this.flush();
    return true;
  }

  failAll(error: RoomcastError): void {
    this.close();
    for (const request of this.#requests) request.fail(error);
  }

  /** Whether it is this request's turn; if not, the room goes on when it is. */
  #mayGo({ type }: Request): boolean {
    const { timers, publishes } = this.#client;
    if (!this.#goesAt && (type === "publish" || type === "update")) this.#goesAt = now() + publishes.turn();
    const waitMs = this.#goesAt - now();
    this.#timer?.();
    if (waitMs > 0) this.#timer = timers.later(waitMs, () => this.flush());
    else this.#goesAt = 0;
    return waitMs <= 0;
  }
}
