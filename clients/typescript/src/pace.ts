import { now } from "./timers.js";

/**
 * How often something may be sent: five seconds' worth at once, then at its rate, as the server counts it (PROTOCOL.md,
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
    this.#left = 5 * this.#perSecond;
    this.#countedAt = now();
  }

  /** Gives the next turn, and says in how many milliseconds it is. */
  turn(): number {
    const sinceMs = now() - this.#countedAt;
    this.#countedAt = now();
    if (this.#perSecond === Infinity) return 0;
    this.#left = Math.min(5 * this.#perSecond, this.#left + (sinceMs * this.#perSecond) / 1_000) - 1;
    return Math.max(0, (-this.#left * 1_000) / this.#perSecond);
  }
}
