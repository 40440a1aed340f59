import type { Off } from "./emitter.js";

/** Time as the machine has it. Tests bring their own. */
export interface Clock {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Milliseconds since 1970: they may jump, and they go on while the machine sleeps. */
  wall(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** The longest delay that setTimeout can hold. */
const LONGEST_MS = 2_147_483_647;
/** A timer that comes so late has slept with the machine. */
const SLEPT_MS = 5_000;

/** The timers of one client, so that none is left behind. */
export class Timers {
  readonly #live = new Set<object>();
  readonly #clock: Clock;
  readonly #onSlept: () => void;

  constructor(clock: Clock, onSlept: () => void) {
    this.#clock = clock;
    this.#onSlept = onSlept;
  }

  now(): number {
    return this.#clock.now();
  }

  wall(): number {
    return this.#clock.wall();
  }

  after(ms: number, run: () => void): Off {
    const delayMs = Math.min(Math.max(ms, 0), LONGEST_MS);
    const due = this.#clock.wall() + delayMs;
    const timer = { id: undefined as unknown };
    timer.id = this.#clock.setTimeout(() => {
      if (this.#clock.wall() - due >= SLEPT_MS) this.#onSlept();
      if (this.#live.delete(timer)) run(); // unless waking has ended it
    }, delayMs);
    this.#live.add(timer);
    return () => this.#cancel(timer);
  }

  /** As `after`, but 0 means never. */
  timeout(ms: number, run: () => void): Off {
    return ms > 0 && ms < Number.POSITIVE_INFINITY ? this.after(ms, run) : () => {};
  }

  stop(): void {
    for (const timer of [...this.#live]) this.#cancel(timer as { id: unknown });
  }

  #cancel(timer: { id: unknown }): void {
    if (this.#live.delete(timer)) this.#clock.clearTimeout(timer.id);
  }
}
