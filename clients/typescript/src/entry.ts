import type { Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";
import type { Frame } from "./frames.js";
import { listOf } from "./frames.js";
import { toJson } from "./json.js";
import type { Settings } from "./options.js";
import type { Pace } from "./pace.js";
import { handled, Request } from "./request.js";
import type { StatePart } from "./state.js";
import type { Timers } from "./timers.js";
import type { CallOptions, JoinOptions, Member } from "./types.js";

/** Refusals of a join that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(["rate_limited", "unavailable"]);
const RETRY_AFTER_MS = 1_000;

/** What the joins of a room need of the client. */
export interface JoinWire {
  readonly isOpen: boolean;
  readonly timers: Timers;
  readonly settings: Settings;
  readonly joins: Pace;
  send(request: Request): void;
}

/** All of `joined`, with its `snapshot` pages. */
export interface Cut {
  readonly joined: Frame;
  readonly members: readonly Member[] | undefined;
  /** Undefined where the state is not taken. */
  readonly state: readonly StatePart[] | undefined;
}

export interface EntryOwner {
  readonly id: string;
  /** Where I stood, if I have been in the room before. */
  readonly resume: object | undefined;
  /** The join is on its way. */
  sent(): void;
  /** It was refused for now: nothing else of the room will be answered. */
  stalled(): void;
  entered(cut: Cut): void;
  refused(error: RoomcastError): void;
  /** Nobody waits for a first join any more. */
  abandoned(): void;
}

interface Pages {
  readonly joined: Frame;
  readonly members: Member[];
  readonly parts: StatePart[];
}

interface Waiter {
  readonly deadline: number;
  settle(error?: unknown): void;
}

/** How a room is entered, again and again: its `join` on each connection, and who waits for the answer. */
export class Entry {
  readonly #wire: JoinWire;
  readonly #owner: EntryOwner;
  readonly #waiters = new Set<Waiter>();
  #options: JoinOptions;
  #request: Request | undefined;
  /** A `joined` whose pages are still coming. */
  #pages: Pages | undefined;
  #timer: Off | undefined;
  #isOver = false;

  constructor(wire: JoinWire, owner: EntryOwner, options: JoinOptions) {
    this.#wire = wire;
    this.#owner = owner;
    this.#options = options;
  }

  get options(): JoinOptions {
    return this.#options;
  }

  /** What I tell about myself, from the next join on. */
  set member(member: unknown) {
    this.#options = { ...this.#options, member };
  }

  /** A later join of the same room: what it does not say stays. */
  change(options: JoinOptions): void {
    this.#options = { ...this.#options, ...options };
  }

  /** Kept with the next `joined`. */
  wait({ timeoutMs = this.#wire.settings.requestTimeoutMs, signal }: CallOptions): Promise<void> {
    const { timers } = this.#wire;
    return handled(
      new Promise((resolve, reject) => {
        const waiter: Waiter = {
          deadline: timeoutMs > 0 ? timers.now() + timeoutMs : Number.POSITIVE_INFINITY,
          settle: (error) => {
            this.#waiters.delete(waiter);
            cancel();
            signal?.removeEventListener("abort", abort);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        const giveUp = (error: unknown) => {
          waiter.settle(error);
          if (this.#waiters.size === 0) this.#owner.abandoned();
        };
        const abort = () => giveUp(signal?.reason);
        const cancel = timers.timeout(timeoutMs, () => giveUp(this.#timeout(timeoutMs)));
        this.#waiters.add(waiter);
        signal?.addEventListener("abort", abort);
        if (signal?.aborted) abort();
      }),
    );
  }

  /** Sends `join`, when its turn has come. */
  send(): void {
    this.#timer?.();
    if (this.#isOver || !this.#wire.isOpen) return;
    const waitMs = this.#wire.joins.turn(this.#wire.timers.now());
    if (waitMs > 0) this.#timer = this.#wire.timers.after(waitMs, () => this.#sendNow());
    else this.#sendNow();
  }

  /** The connection has ended. */
  suspend(): void {
    this.#timer?.();
    this.#pages = undefined;
    this.#request = undefined;
  }

  /** A page of what `joined` had too much of. */
  page(frame: Frame): void {
    const pages = this.#pages;
    if (pages === undefined) return;
    pages.members.push(...listOf<Member>(frame["members"]));
    if (frame["state"]) pages.parts.push(frame["state"]);
    if (frame["more"] !== true) this.#complete(pages);
  }

  end(error: RoomcastError): void {
    this.suspend();
    this.#isOver = true;
    for (const waiter of [...this.#waiters]) waiter.settle(error);
  }

  #sendNow(): void {
    if (!this.#wire.isOpen) return;
    const { member, members, state, history } = this.#options;
    const room = this.#owner.id;
    const body = toJson({ room, member, members, state, history, resume: this.#owner.resume }, "join", room);
    const request = new Request(this.#wire.timers, "join", body, {
      whenLost: "dropped",
      room,
      timeoutMs: this.#wire.settings.requestTimeoutMs,
      onReply: (frame) => this.#joined(frame, request),
      onRefusal: (error) => this.#refused(error, request),
    });
    // A server that does not answer is asked again; who waits for it has a time-out of its own.
    request.promise.catch((error) => {
      if (this.#request === request && error.code === "timeout") this.send();
    });
    this.#request = request;
    this.#pages = undefined;
    this.#wire.send(request);
    this.#owner.sent();
  }

  #joined(joined: Frame, request: Request): void {
    if (this.#isOver || request !== this.#request) return;
    const parts = joined["state"] ? [joined["state"]] : [];
    this.#pages = { joined, members: [...listOf<Member>(joined["members"])], parts };
    if (joined["more"] !== true) this.#complete(this.#pages);
  }

  #complete({ joined, members, parts }: Pages): void {
    this.#pages = undefined;
    this.#owner.entered({
      joined,
      members: joined["members"] === undefined ? undefined : members,
      state: joined["state"] === undefined ? undefined : parts,
    });
    for (const waiter of [...this.#waiters]) waiter.settle();
  }

  #refused(error: RoomcastError, request: Request): boolean {
    if (this.#isOver || request !== this.#request) return false;
    if (!PASSING.has(error.code)) {
      for (const waiter of [...this.#waiters]) waiter.settle(error);
      this.#owner.refused(error);
      return false;
    }
    this.#owner.stalled();
    const waitMs = error.retryAfterMs ?? RETRY_AFTER_MS;
    const at = this.#wire.timers.now() + waitMs;
    const hadWaiters = this.#waiters.size > 0;
    for (const waiter of [...this.#waiters]) if (waiter.deadline < at) waiter.settle(error);
    if (hadWaiters && this.#waiters.size === 0) this.#owner.abandoned();
    if (!this.#isOver) this.#timer = this.#wire.timers.after(waitMs, () => this.send());
    return false;
  }

  #timeout(timeoutMs: number): RoomcastError {
    const room = this.#owner.id;
    const message = `Could not join "${room}" within ${timeoutMs} ms: is the server there? Try again.`;
    return new RoomcastError("timeout", message, { request: "join", room });
  }
}
