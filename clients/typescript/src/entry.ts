import type { Client } from "./client.js";
import type { Off } from "./emitter.js";
import type { RoomcastError } from "./errors.js";
import type { Frame } from "./frames.js";
import { toJson } from "./json.js";
import type { Mirror } from "./mirror.js";
import { isPassing, RETRY_AFTER_MS } from "./queue.js";
import { Request } from "./request.js";
import type { StatePart } from "./state.js";
import { now } from "./timers.js";
import type { CallOptions, JoinOptions, Member } from "./types.js";

/** All of `joined`, with its `snapshot` pages. */
export interface Cut {
  readonly joined: Frame;
  /** Undefined where there is no list. */
  readonly members: Member[] | undefined;
  /** Undefined where the state is not taken. */
  readonly state: StatePart[] | undefined;
}

/** How a room is entered, again and again: its `join` on each connection, and who waits for the answer. */
export class Entry {
  readonly #client: Client;
  readonly #room: Mirror<any, any, any>;
  /** Calls of `client.join` that wait; these requests are never sent themselves. */
  readonly #waiting = new Set<Request>();
  #request: Request | undefined;
  /** A `joined` whose pages are still coming. */
  #pages: Cut | undefined;
  #timer: Off | undefined;
  /** What the next join asks for. */
  options: JoinOptions = {};

  constructor(client: Client, room: Mirror<any, any, any>) {
    this.#client = client;
    this.#room = room;
  }

  /** Kept with the next `joined`. */
  wait(options: CallOptions): Promise<unknown> {
    const waiting: Request = new Request(this.#client, "join", "", {
      ...options,
      room: this.#room.id,
      whenLost: "again",
      onEnd: (error) => {
        this.#waiting.delete(waiting);
        if (error && this.#waiting.size === 0) this.#room.abandoned();
      },
    });
    this.#waiting.add(waiting);
    return waiting.promise;
  }

  /** Sends `join`, when its turn has come. */
  send(): void {
    const { timers, joins, isOpen } = this.#client;
    if (!isOpen) return;
    this.#timer?.();
    const waitMs = joins.turn();
    if (waitMs > 0) this.#timer = timers.later(waitMs, () => this.#sendNow());
    else this.#sendNow();
  }

  /** The connection has ended, or I am not to be in the room any more. */
  suspend(): void {
    this.#timer?.();
    this.#request = this.#pages = undefined;
  }

  /** A page of what `joined` had too much of. */
  page({ members = [], state, more }: Frame): void {
    const pages = this.#pages;
    if (!pages) return;
    pages.members?.push(...members);
    if (state) pages.state?.push(state);
    if (!more) this.#complete(pages);
  }

  end(error: RoomcastError): void {
    this.suspend();
    for (const waiting of this.#waiting) waiting.fail(error);
  }

  #sendNow(): void {
    if (!this.#client.isOpen) return;
    const { id: room, resume } = this.#room;
    const request: Request = new Request(this.#client, "join", toJson({ room, ...this.options, resume }), {
      whenLost: "dropped",
      room,
      onReply: (frame) => request === this.#request && this.#joined(frame),
      onRefusal: (error) => {
        if (request === this.#request) this.#refused(error);
        return false;
      },
      // A server that does not answer is asked again; who waits for it has a time-out of its own.
      onEnd: (error) => {
        if (request === this.#request && error?.code === "timeout") this.send();
      },
    });
    this.suspend();
    this.#request = request;
    this.#client.send(request);
    this.#room.requests.isOpen = true;
  }

  #joined(joined: Frame): void {
    const { members, state } = joined;
    this.#pages = { joined, members: members && [...members], state: state && [state] };
    if (!joined["more"]) this.#complete(this.#pages);
  }

  #complete(pages: Cut): void {
    this.#pages = undefined;
    this.#room.entered(pages);
    for (const waiting of this.#waiting) waiting.done(pages.joined);
  }

  #refused(error: RoomcastError): void {
    this.#room.requests.close();
    if (!isPassing(error)) {
      this.#room.refused(error);
      for (const waiting of this.#waiting) waiting.fail(error);
      return;
    }
    const waitMs = error.retryAfterMs ?? RETRY_AFTER_MS;
    this.#timer = this.#client.timers.later(waitMs, () => this.send());
    for (const waiting of this.#waiting) if (waiting.deadline < now() + waitMs) waiting.fail(error);
  }
}
