import type { Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";

interface Reader<M> {
  resolve(result: IteratorResult<M, undefined>): void;
  reject(error: unknown): void;
}

/** Messages of a room for `for await`, with a buffer between the room and a slower reader. */
export class MessageStream<M> implements AsyncIterableIterator<M, undefined> {
  readonly #buffer: M[] = [];
  readonly #readers: Reader<M>[] = [];
  readonly #limit: number;
  readonly #room: string;
  readonly #onEnd: Off;
  #isOver = false;
  /** Told once, behind what is still in the buffer. */
  #error: { readonly reason: unknown } | undefined;

  constructor(limit: number, room: string, signal: AbortSignal | undefined, onEnd: (stream: MessageStream<M>) => void) {
    this.#limit = limit;
    this.#room = room;
    const abort = () => this.fail(signal?.reason, true);
    this.#onEnd = () => {
      signal?.removeEventListener("abort", abort);
      onEnd(this);
    };
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  push(message: M): void {
    if (this.#isOver) return;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value: message });
    else if (this.#buffer.length < this.#limit) this.#buffer.push(message);
    else this.fail(this.#overflow());
  }

  /** Ends behind what is in the buffer. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
    for (const reader of this.#readers.splice(0)) reader.resolve({ done: true, value: undefined });
  }

  fail(reason: unknown, atOnce = false): void {
    if (this.#isOver) return;
    if (atOnce) this.#buffer.length = 0;
    const reader = this.#readers.shift();
    if (reader) reader.reject(reason);
    else this.#error = { reason };
    this.end();
  }

  next(): Promise<IteratorResult<M, undefined>> {
    const message = this.#buffer.shift();
    if (message !== undefined) return Promise.resolve({ done: false, value: message });
    const error = this.#error;
    this.#error = undefined;
    if (error) return Promise.reject(error.reason);
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  /** The reader has broken off. */
  return(): Promise<IteratorResult<M, undefined>> {
    this.#buffer.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #overflow(): RoomcastError {
    const message = `More than ${this.#limit} messages waited for this iterator: read faster, or set bufferMessages.`;
    return new RoomcastError("overflow", message, { room: this.#room });
  }
}
