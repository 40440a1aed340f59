import type { Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";
import type { ConnectOptions } from "./options.js";
import type { Timers } from "./timers.js";

/** Tokens are renewed before they expire by a tenth of their time, but at least by so much. */
const AHEAD_MS = 5_000;

/** The user's tokens: asked for before each connection, and in time before one expires. */
export class Tokens {
  readonly #provider: NonNullable<ConnectOptions["token"]>;
  readonly #timers: Timers;
  readonly #timeoutMs: number;
  #renewal: Off | undefined;

  constructor(provider: NonNullable<ConnectOptions["token"]>, timers: Timers, timeoutMs: number) {
    this.#provider = provider;
    this.#timers = timers;
    this.#timeoutMs = timeoutMs;
  }

  /** A token, or an error of code `token`. */
  next(): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string, cause?: unknown) => {
        cancel();
        reject(new RoomcastError("token", `The token provider ${reason}: give it a token to return.`, { cause }));
      };
      const cancel = this.#timers.after(this.#timeoutMs, () => fail(`did not answer within ${this.#timeoutMs} ms`));
      const provider = this.#provider;
      Promise.resolve()
        .then(() => (typeof provider === "function" ? provider() : provider))
        .then(
          (token) => {
            if (typeof token !== "string" || token === "") return fail("returned no string");
            cancel();
            resolve(token);
          },
          (cause) => fail("failed", cause),
        );
    });
  }

  /** Calls `renew` in time before a token expires that was accepted just now. */
  expires(expiresAt: unknown, renew: () => void): void {
    this.stop();
    if (typeof expiresAt !== "number") return;
    const leftMs = expiresAt - this.#timers.wall();
    const delayMs = leftMs - Math.max(leftMs / 10, AHEAD_MS);
    // A clock that goes wrong by more than the token's life would have it renewed without end: then 4401 tells.
    if (delayMs > 0) this.#renewal = this.#timers.after(delayMs, renew);
  }

  stop(): void {
    this.#renewal?.();
  }
}
