import type { Off } from "./emitter.js";

/** The longest delay that setTimeout can hold. */
const LONGEST_MS = 2 ** 31 - 1;

/** Milliseconds that only go forward, whatever happens to the clock on the wall. */
export function now(): number {
  return performance.now();
}

/** The timers of one client, so that none is left behind. */
export class Timers {
  readonly #live = new Set<Off>();

  /** What takes longer than a timer can hold, Infinity too, is as good as never: 25 days. */
  later(ms: number, run: () => void): Off {
    const timer = setTimeout(() => {
      this.#live.delete(cancel);
      run();
    }, Math.min(ms, LONGEST_MS));
    const cancel = () => {
      this.#live.delete(cancel);
      clearTimeout(timer);
    };
    this.#live.add(cancel);
    return cancel;
  }

  stop(): void {
    for (const cancel of this.#live) cancel();
  }
}
