import { callSafely, Emitter, type Off } from "./emitter.js";
import { isSame } from "./json.js";
import type { AnyState, StateChange } from "./types.js";

interface Entry {
  readonly value: any;
  readonly version: number;
}

/** A change as it stands in `state`, or in the field `state` of `joined` and `snapshot`. */
export interface StatePart {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly delete?: readonly string[];
  readonly versions?: Readonly<Record<string, number>>;
  readonly since?: number;
}

type Change = StateChange<AnyState>;
type Key<State> = keyof State & string;

/** A room's state as it is now: read-only, and right behind every frame. Keys are data, `__proto__` too. */
export class RoomState<State = AnyState> implements Iterable<[Key<State>, State[Key<State>]]> {
  #entries = new Map<string, Entry>();
  #version = 0;
  readonly #listeners = new Emitter<Record<string, any>>();

  /** How often the room's state has changed. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#entries.size;
  }

  get<K extends Key<State>>(key: K): State[K] | undefined {
    return this.#entries.get(key)?.value;
  }

  has(key: Key<State>): boolean {
    return this.#entries.has(key);
  }

  /** The room's version that wrote this key, 0 if it is not there: for `if` of an update. */
  versionOf(key: Key<State>): number {
    return this.#entries.get(key)?.version ?? 0;
  }

  *[Symbol.iterator](): IterableIterator<[Key<State>, State[Key<State>]]> {
    for (const [key, { value }] of this.#entries) yield [key as Key<State>, value];
  }

  /** Calls `listener` with the key's value, now and after each change; `undefined` where there is none. */
  subscribe<K extends Key<State>>(
    key: K,
    listener: (value: State[K] | undefined, change?: StateChange<Pick<State, K>>) => unknown,
  ): Off {
    callSafely(listener, this.get(key));
    return this.#listeners.on(key, listener);
  }

  /** @internal Pages of a change, or with `isWhole` of all there is; what is returned is the difference. */
  apply(parts: readonly StatePart[], version: number, isWhole: boolean): Change[] {
    const changes: Change[] = [];
    const before = this.#entries;
    const gone = new Set(isWhole ? before.keys() : []);
    if (isWhole) this.#entries = new Map();
    for (const { set = {}, versions = {}, ...part } of parts) {
      for (const key of part.delete ?? []) if (this.#entries.delete(key)) gone.add(key);
      for (const [key, value] of Object.entries(set)) {
        // What an object inherits under "__proto__" is no version.
        const entry = { value, version: Object.hasOwn(versions, key) ? versions[key] as number : version };
        this.#entries.set(key, entry);
        gone.delete(key);
        // The versions of another epoch may be the same by chance, so values are looked at too.
        if (!isWhole || !isSame(before.get(key), entry)) changes.push({ key, ...entry, deleted: false });
      }
    }
    for (const key of gone) changes.push({ key, deleted: true, version });
    this.#version = version;
    return changes;
  }

  /** @internal Tells those who wait for single keys. */
  notify(changes: readonly Change[]): void {
    for (const change of changes) this.#listeners.emit(change.key, change.value, change);
  }
}
