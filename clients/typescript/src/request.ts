import type { Client } from "./client.js";
import { listen } from "./emitter.js";
import { RoomcastError, refusal } from "./errors.js";
import type { Frame } from "./frames.js";
import { now } from "./timers.js";
import type { CallOptions } from "./types.js";

/** What becomes of a request whose connection has ended before its reply came. */
export type WhenLost =
  /** Doing it twice does no harm: it is sent again. */
  | "again"
  /** It is sent again if the session is restored, with its key; else nobody knows. */
  | "keyed"
  /** It may have happened. */
  | "unconfirmed"
  /** It belonged to that connection: it fails without an error, and nobody is told. */
  | "dropped";

export interface RequestOptions extends CallOptions {
  readonly whenLost: WhenLost;
  readonly room?: string;
  /** Looks at the reply at its place among the frames, before the next frame is looked at. */
  readonly onReply?: (frame: Frame) => void;
  /** Whether it will be sent again; else it fails with this error. */
  readonly onRefusal?: (error: RoomcastError) => boolean;
  /** Tells who keeps it that it is over. */
  readonly onEnd?: (error?: any) => void;
  /** What was to be published. */
  readonly data?: unknown;
}

/** The types of the frames that answer. */
const REPLIES: Readonly<Record<string, string>> = {
  auth: "authenticated",
  join: "joined",
  leave: "left",
  publish: "published",
  update: "updated",
  member: "ok",
};

/** A frame that is answered: from the call to its end, over as many connections as it takes. */
export class Request {
  declare readonly type: string;
  declare readonly body: string;
  declare readonly options: RequestOptions;
  declare readonly promise: Promise<Frame>;
  /** When its time is over. */
  declare readonly deadline: number;
  /** It may have reached the server. */
  wasSent = false;
  /** Under which its reply comes, on the connection that it was last sent on. */
  id = 0;
  isOver = false;
  readonly #client: Client;
  #settle!: (error: unknown, frame?: Frame) => void;

  constructor(client: Client, type: string, body: string, options: RequestOptions) {
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
        if (frame) resolve(frame);
        else reject(error);
      };
      const ignore = listen(signal, "abort", () => this.fail(signal?.reason));
    });
    this.promise.catch(() => {});
  }

  get isAwaited(): boolean {
    return this.#client.awaited.get(this.id) === this;
  }

  /** No reply is awaited any more: it was refused for now, or its connection has ended. */
  forget(): void {
    if (this.isAwaited) this.#client.awaited.delete(this.id);
  }

  /** Takes a frame with its id; one of a type that is no reply to it is ignored. */
  take(frame: Frame): void {
    if (frame.type === "error") {
      this.forget();
      const error = refusal(frame);
      if (!this.options.onRefusal?.(error)) this.fail(error);
    } else if (frame.type === (REPLIES[this.type] ?? this.type)) {
      this.forget();
      this.options.onReply?.(frame);
      this.done(frame);
    }
  }

  done(frame: Frame): void {
    if (!this.isOver) this.#settle(undefined, frame);
  }

  fail(error: unknown): void {
    if (!this.isOver) this.#settle(error);
  }

  /** Its connection has ended, and it cannot be repeated. */
  failUnconfirmed(): void {
    this.fail(this.#error("unconfirmed", "before the connection ended"));
  }

  #error(code: string, when: string): RoomcastError {
    const { room, data } = this.options;
    const advice = this.wasSent ? "it may have happened" : "it was not sent, try again";
    return new RoomcastError(code, `No reply to ${this.type} ${when}: ${advice}.`, { request: this.type, room, data });
  }
}

/** A promise of what `start` returns or throws. Whoever does not look at it is not ended by its failure. */
export function attempt<T>(start: () => Promise<T>): Promise<T> {
  const promise = (async () => start())();
  promise.catch(() => {});
  return promise;
}
