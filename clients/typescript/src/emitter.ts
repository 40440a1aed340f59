/** Ends what it was returned from: a subscription, a timer. Calling it again does nothing. */
export type Off = () => void;

type Listener = (...event: any[]) => unknown;

/** Named events and who listens to them. A listener's fault, now or later, harms nobody else. */
export class Emitter<Events> {
  readonly #listeners = new Map<unknown, Set<Listener>>();

  /** Calls `listener` at every such event, until the function that is returned is called. */
  on<K extends keyof Events>(event: K, listener: (event: Events[K]) => unknown): Off {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => {
      if (listeners.delete(listener) && !listeners.size) this.#listeners.delete(event);
    };
  }

  /** @internal */
  emit<K extends keyof Events>(event: K, ...detail: [Events[K], ...unknown[]]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) callSafely(listener, ...detail);
  }
}

/** Listens to the platform's own events, where it has them. */
export function listen(target: object | undefined, event: string, listener: () => unknown): Off {
  const events = target as EventTarget | undefined;
  events?.addEventListener?.(event, listener);
  return () => events?.removeEventListener?.(event, listener);
}

/** Tells the platform what goes wrong in a listener. */
export async function callSafely(listener: Listener, ...event: unknown[]): Promise<void> {
  try {
    await listener(...event);
  } catch (error) {
    (globalThis.reportError ?? console.error)(error);
  }
}
