import type { Off } from "./emitter.js";
import { RoomcastError, refusal } from "./errors.js";
import type { Frame } from "./frames.js";
import type { Timers } from "./timers.js";

/** What becomes of a request whose connection has ended before its reply came. */
export type WhenLost =
  /** Doing it twice does no harm: it is sent again. */
  | "again"
  /** It is sent again if the session is restored, with its key; else nobody knows. */
  | "keyed"
  /** It may have happened. */
  | "unconfirmed"
  /** It belonged to that connection. */
  | "dropped";

export interface RequestOptions {
  readonly whenLost: WhenLost;
  readonly room?: string;
  /** 0 is for ever. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Looks at the reply at its place among the frames, before the next frame is looked at. */
  readonly onReply?: (frame: Frame) => void;
  /** Whether it will be sent again, or has been dealt with otherwise; else it fails with this error. */
  readonly onRefusal?: (error: RoomcastError, request: Request) => boolean;
  /** What was to be published. */
  readonly data?: unknown;
}

/** The types of the frames that answer. */
const REPLIES: Readonly<Record<string, string>> = {
  auth: "authenticated",
  session: "session",
  join: "joined",
  leave: "left",
  publish: "published",
  update: "updated",
  member: "ok",
  members: "members",
  history: "history",
};

/** A frame that is answered: from the call to its end, over as many connections as it takes. */
export class Request {
  readonly promise: Promise<Frame>;
  /** When its time is over. */
  readonly deadline: number;
  /** Where its reply is awaited, on the present connection. */
  #awaitedIn: Map<number, Request> | undefined;
  #id = 0;
  /** It may have reached the server. */
  wasSent = false;
  /** Tells who keeps it that it has ended. */
  onEnd: (() => void) | undefined;
  #isOver = false;
  #resolve!: (frame: Frame) => void;
  #reject!: (error: unknown) => void;
  readonly #cancel: Off;
  readonly #onAbort: (() => void) | undefined;

  constructor(
    timers: Timers,
    readonly type: string,
    readonly body: string,
    readonly options: RequestOptions,
  ) {
    const { timeoutMs, signal } = options;
    this.promise = handled(
      new Promise((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      }),
    );
    this.deadline = timeoutMs > 0 ? timers.now() + timeoutMs : Number.POSITIVE_INFINITY;
    this.#cancel = timers.timeout(timeoutMs, () => this.fail(this.#timeout(timeoutMs)));
    if (signal !== undefined) {
      this.#onAbort = () => this.fail(signal.reason);
      signal.addEventListener("abort", this.#onAbort);
      if (signal.aborted) this.fail(signal.reason);
    }
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isAwaited(): boolean {
    return this.#awaitedIn !== undefined;
  }

  /** It goes out under this id. */
  await(id: number, requests: Map<number, Request>): void {
    this.wasSent = true;
    this.#id = id;
    this.#awaitedIn = requests;
    requests.set(id, this);
  }

  /** No reply is awaited any more: it was refused for now, or its connection has ended. */
  forget(): void {
    this.#awaitedIn?.delete(this.#id);
    this.#awaitedIn = undefined;
  }

  /** Takes a frame with its id; one of a type that is no reply to it is ignored. */
  take(frame: Frame): void {
    if (frame.type === "error") {
      this.forget();
      const error = refusal(frame);
      if (!this.options.onRefusal?.(error, this)) this.fail(error);
    } else if (frame.type === REPLIES[this.type]) {
      this.forget();
      this.options.onReply?.(frame);
      if (this.#isOver) return;
      this.#end();
      this.#resolve(frame);
    }
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#reject(error);
  }

  /** Its connection has ended, and it cannot be repeated. */
  failUnconfirmed(): void {
    const message = `The connection ended before the reply to "${this.type}" came: look whether it has happened.`;
    this.fail(new RoomcastError("unconfirmed", message, { ...this.#where(), data: this.options.data }));
  }

  #timeout(timeoutMs: number): RoomcastError {
    const message = this.wasSent
      ? `No reply to "${this.type}" within ${timeoutMs} ms: it may have happened.`
      : `"${this.type}" could not be sent within ${timeoutMs} ms: try again when the client is connected.`;
    return new RoomcastError("timeout", message, this.#where());
  }

  #where() {
    return { request: this.type, room: this.options.room };
  }

  #end(): void {
    this.#isOver = true;
    this.forget();
    this.#cancel();
    if (this.#onAbort) this.options.signal?.removeEventListener("abort", this.#onAbort);
    this.onEnd?.();
  }
}

/** Whoever does not look at a promise of this library is not ended by its failure. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** A promise of what `start` returns or throws. */
export function attempt<T>(start: () => T | PromiseLike<T>): Promise<T> {
  return handled(new Promise<T>((resolve) => resolve(start())));
}
