/**
 * How often something may be sent: five seconds' worth at once, then at its rate, as the server counts it (PROTOCOL.md,
 * Limits). Keeping to it spares refusals, and with them messages that overtake one that has to be repeated.
 */
export class Pace {
  #perSecond = Number.POSITIVE_INFINITY;
  /** Below 0 where turns have been given for later. */
  #left = Number.POSITIVE_INFINITY;
  #countedAt = 0;

  /** A new connection, on which so many were sent already. No number is no limit. */
  begin(perSecond: unknown, now: number, sent = 0): void {
    this.#perSecond = typeof perSecond === "number" && perSecond > 0 ? perSecond : Number.POSITIVE_INFINITY;
    this.#left = 5 * this.#perSecond - sent;
    this.#countedAt = now;
  }

  /** Gives the next turn, and says in how many milliseconds it is. */
  turn(now: number): number {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return 0;
    const since = ((now - this.#countedAt) * this.#perSecond) / 1_000;
    this.#left = Math.min(5 * this.#perSecond, this.#left + since) - 1;
    this.#countedAt = now;
    return this.#left >= 0 ? 0 : (-this.#left * 1_000) / this.#perSecond;
  }
}
