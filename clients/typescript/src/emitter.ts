/** Ends what it was returned from: a subscription, a timer. Calling it again does nothing. */
export type Off = () => void;

type Listener = (event: never) => unknown;

/** Named events and who listens to them. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener>>();

  constructor(...events: (keyof Events)[]) {
    for (const event of events) this.#listeners.set(event, new Set());
  }

  /** Calls `listener` at every such event, until the function that is returned is called. */
  on<K extends keyof Events>(event: K, listener: (event: Events[K]) => unknown): Off {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined) {
      throw new TypeError(`There is no event "${String(event)}". There are: ${[...this.#listeners.keys()].join(", ")}.`);
    }
    const own: Listener = (detail) => listener(detail); // the same function may listen twice
    listeners.add(own);
    return () => listeners.delete(own);
  }

  protected emit<K extends keyof Events>(event: K, detail: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) callSafely(listener, detail as never);
  }

  protected isHeard(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }
}

/** A listener's fault, now or later, is told to the platform and harms nobody else. */
export function callSafely<A extends unknown[]>(listener: (...args: A) => unknown, ...args: A): void {
  try {
    const result = listener(...args);
    if (result instanceof Promise) result.catch(report);
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error("A listener of Roomcast failed:", error);
}
