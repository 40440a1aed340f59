import { now } from "./timers.js";

/** Of the five seconds' worth that the server takes at once. The fifth is for what arrives closer together than it was sent. */
const BURST_SECONDS = 4;

/**
 * How often something may be sent: some seconds' worth at once, then at its rate, as the server counts it (PROTOCOL.md,
 * Limits). Keeping to it spares refusals, and with them messages that overtake one that has to be repeated.
 */
export class Pace {
  #perSecond = Infinity;
  /** Below 0 where turns have been given for later. */
  #left = Infinity;
  #countedAt = 0;

  /** A new connection, with this limit. */
  begin(perSecond: unknown): void {
    this.#perSecond = Number(perSecond) || Infinity;
    this.#left = BURST_SECONDS * this.#perSecond;
    this.#countedAt = now();
  }

  /** Gives the next turn, and says in how many milliseconds it is. */
  turn(): number {
    const sinceMs = now() - this.#countedAt;
    this.#countedAt = now();
    if (this.#perSecond === Infinity) return 0;
    this.#left = Math.min(BURST_SECONDS * this.#perSecond, this.#left + (sinceMs * this.#perSecond) / 1_000) - 1;
    return Math.max(0, (-this.#left * 1_000) / this.#perSecond);
  }

  /** For what goes out at once or never: a turn if there is one. What the server refuses, it does not count either. */
  pass(): void {
    if (this.turn() > 0) this.#left++;
  }
}
