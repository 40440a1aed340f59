import { RoomcastError } from "./errors.js";

/** Messages of a room for one `for await`, with a buffer between the room and a slower reader. */
export class MessageStream<M> {
  readonly #buffer: M[] = [];
  readonly #limit: number;
  #isOver = false;
  /** Told behind what is in the buffer. */
  #reason: unknown;
  #wake = () => {};

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(message: M): void {
    if (this.#isOver) return;
    if (this.#buffer.push(message) > this.#limit) {
      this.#buffer.pop();
      this.end(new RoomcastError("overflow", "Messages come faster than they are read: set bufferMessages."));
    }
    this.#wake();
  }

  /** Without a reason it ends without an error. */
  end(reason?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reason = reason;
    this.#wake();
  }

  /** `release` is called when the reader has come to the end, or has broken off. */
  async *read(release: () => void): AsyncGenerator<M, undefined> {
    try {
      for (;;) {
        while (this.#buffer.length > 0) yield this.#buffer.shift() as M;
        if (this.#reason !== undefined) throw this.#reason;
        if (this.#isOver) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      release();
    }
  }
}
