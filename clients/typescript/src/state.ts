import { callSafely, type Off } from "./emitter.js";
import { isObject, listOf } from "./frames.js";
import type { AnyState, StateChange } from "./types.js";

interface Entry {
  readonly value: unknown;
  readonly version: number;
}

/** A change as it stands in `state`, or in the field `state` of `joined` and `snapshot`. */
export interface StatePart {
  readonly set?: unknown;
  readonly delete?: unknown;
  readonly versions?: unknown;
  readonly since?: unknown;
}

type Change = StateChange<AnyState>;
type KeyListener = (value: never, change?: never) => unknown;

/** A room's state as it is now: read-only, and right behind every frame. Keys are data, `__proto__` too. */
export class RoomState<State = AnyState> {
  #entries = new Map<string, Entry>();
  #version = 0;
  readonly #listeners = new Map<string, Set<KeyListener>>();

  /** How often the room's state has changed. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#entries.size;
  }

  get<K extends keyof State & string>(key: K): State[K] | undefined {
    return this.#entries.get(key)?.value as State[K] | undefined;
  }

  has(key: keyof State & string): boolean {
    return this.#entries.has(key);
  }

  /** The room's version that wrote this key, 0 if it is not there: for `if` of an update. */
  versionOf(key: keyof State & string): number {
    return this.#entries.get(key)?.version ?? 0;
  }

  keys(): IterableIterator<keyof State & string> {
    return this.#entries.keys() as IterableIterator<keyof State & string>;
  }

  *entries(): IterableIterator<[keyof State & string, State[keyof State & string]]> {
    for (const [key, { value }] of this.#entries) yield [key as keyof State & string, value as State[keyof State & string]];
  }

  [Symbol.iterator](): IterableIterator<[keyof State & string, State[keyof State & string]]> {
    return this.entries();
  }

  /** Calls `listener` with the key's value, now and after each change; `undefined` where there is none. */
  subscribe<K extends keyof State & string>(
    key: K,
    listener: (value: State[K] | undefined, change?: StateChange<Pick<State, K>>) => unknown,
  ): Off {
    const own: KeyListener = (value, change) => listener(value, change);
    let listeners = this.#listeners.get(key);
    if (listeners === undefined) this.#listeners.set(key, (listeners = new Set()));
    listeners.add(own);
    callSafely(own, this.get(key) as never);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }

  /** @internal A change that follows `version`. */
  apply(part: StatePart, version: number): Change[] {
    const changes: Change[] = [];
    for (const key of listOf<string>(part.delete)) {
      if (this.#entries.delete(key)) changes.push({ key, deleted: true, version });
    }
    for (const [key, entry] of entriesOf(part, version)) {
      this.#entries.set(key, entry);
      changes.push({ key, value: entry.value, deleted: false, version: entry.version });
    }
    this.#version = version;
    return changes;
  }

  /** @internal The whole state, in pages; what is returned is the difference. */
  replace(parts: readonly StatePart[], version: number): Change[] {
    const before = this.#entries;
    this.#entries = new Map();
    for (const part of parts) for (const [key, entry] of entriesOf(part, version)) this.#entries.set(key, entry);
    this.#version = version;
    const changes: Change[] = [];
    for (const key of before.keys()) if (!this.#entries.has(key)) changes.push({ key, deleted: true, version });
    for (const [key, entry] of this.#entries) {
      const old = before.get(key);
      // The versions of another epoch may be the same by chance.
      if (old?.version === entry.version && JSON.stringify(old.value) === JSON.stringify(entry.value)) continue;
      changes.push({ key, value: entry.value, deleted: false, version: entry.version });
    }
    return changes;
  }

  /** @internal Tells those who wait for single keys. */
  notify(changes: readonly Change[]): void {
    for (const change of changes) {
      for (const listener of [...(this.#listeners.get(change.key) ?? [])]) {
        callSafely(listener, change.value as never, change as never);
      }
    }
  }
}

/** Own fields only: `versions.__proto__` of an object without it is not a version. */
function* entriesOf({ set, versions }: StatePart, version: number): Generator<[string, Entry]> {
  if (!isObject(set)) return;
  for (const key of Object.keys(set)) {
    const own = isObject(versions) && Object.hasOwn(versions, key) ? versions[key] : undefined;
    yield [key, { value: set[key], version: typeof own === "number" ? own : version }];
  }
}
