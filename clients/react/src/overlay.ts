import type { Room, RoomcastError, Update, Updated, UpdateOptions } from "@roomcast/client";

type Key<S> = keyof S & string;
type Contents<S> = ReadonlyMap<Key<S>, S[Key<S>]>;

/** How often a change that depends on what is there is worked out anew, when others are faster each time. */
const TRIES = 10;

/** An update that the server has not answered yet, as it is seen meanwhile. */
interface Pending<S> {
  readonly keys: ReadonlySet<string>;
  apply(contents: Map<Key<S>, S[Key<S>]>): void;
}

/**
 * A room's state with my own updates laid over it, from the call until the server's word: then the state itself shows the
 * change, or, where it was refused, what it was before.
 */
export class Overlay<S> {
  readonly #room: Room<any, S>;
  /** In the order of the calls, which is that of the server's answers. */
  readonly #pending = new Set<Pending<S>>();
  readonly #listeners = new Set<() => void>();
  /** Changes of one key that depend on what is there go one after the other. */
  readonly #chains = new Map<string, Promise<unknown>>();
  /** Thrown away at each change; React compares it. */
  #contents: Contents<S> | undefined;
  #stop: (() => void) | undefined;

  constructor(room: Room<any, S>) {
    this.#room = room;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#listen();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = this.#contents = undefined;
    };
  };

  readonly contents = (): Contents<S> => {
    if (this.#contents === undefined) {
      const contents = new Map(this.#room.state);
      for (const pending of this.#pending) pending.apply(contents);
      this.#contents = contents;
    }
    return this.#contents;
  };

  readonly isPending = (): boolean => this.#pending.size > 0;

  /** Shows it at once. Fails as `room.update` does, and then it is taken back. */
  readonly update = (update: Update<S>, options?: UpdateOptions<S>): Promise<Updated> => {
    const keys = new Set([...Object.keys(update.set ?? {}), ...(update.delete ?? []), ...Object.keys(update.add ?? {})]);
    return this.#while({ keys, apply: (contents) => lay(update, contents) }, () => this.#room.update(update, options));
  };

  /** Sets one key, to a value or to what a function makes of what is there: then nobody else's change is overwritten. */
  readonly setKey = <K extends Key<S>>(key: K, next: S[K] | undefined | ((value: S[K] | undefined) => S[K] | undefined)) => {
    if (typeof next !== "function") return this.update(settingOf(key, next));
    const change = next as (value: S[K] | undefined) => S[K] | undefined;
    const apply = (contents: Map<Key<S>, S[Key<S>]>) => lay(settingOf(key, change(contents.get(key) as S[K])), contents);
    return this.#while({ keys: new Set([key]), apply }, () => this.#inTurn(key, () => this.#change(key, change)));
  };

  async #change<K extends Key<S>>(key: K, change: (value: S[K] | undefined) => S[K] | undefined): Promise<Updated> {
    let value = this.#room.state.get(key);
    let version = this.#room.state.versionOf(key);
    for (let tries = 1; ; tries++) {
      try {
        return await this.#room.update(settingOf(key, change(value)), { if: { [key]: version } as UpdateOptions<S>["if"] & {} });
      } catch (error) {
        const { code, current } = error as RoomcastError;
        const now = current?.[key];
        if (code !== "conflict" || now === undefined || tries === TRIES) throw error;
        value = now.value as S[K] | undefined;
        version = now.version;
      }
    }
  }

  async #inTurn<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = this.#chains.get(key);
    const mine = (before ?? Promise.resolve()).then(run, run);
    this.#chains.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#chains.get(key) === mine) this.#chains.delete(key);
    }
  }

  #while(pending: Pending<S>, run: () => Promise<Updated>): Promise<Updated> {
    this.#pending.add(pending);
    this.#changed();
    const end = () => {
      if (this.#pending.delete(pending)) this.#changed();
    };
    const promise = run();
    promise.then(end, end);
    return promise;
  }

  #listen(): () => void {
    this.#contents = undefined; // it may have changed while nobody looked
    const off = this.#room.on("state", ({ changes, from }) => {
      if (from !== undefined && from === this.#room.memberId) this.#shown(new Set(changes.map(({ key }) => key)));
      this.#changed();
    });
    const offLeft = this.#room.on("left", () => this.#changed());
    return () => (off(), offLeft());
  }

  /** The state shows my own change: laid over it, a sum would count twice until the reply comes. */
  #shown(keys: ReadonlySet<string>): void {
    for (const pending of this.#pending) {
      if (![...pending.keys].some((key) => keys.has(key))) continue;
      this.#pending.delete(pending);
      return;
    }
  }

  #changed(): void {
    this.#contents = undefined;
    for (const listener of [...this.#listeners]) listener();
  }
}

function settingOf<S, K extends Key<S>>(key: K, value: S[K] | undefined): Update<S> {
  return value === undefined ? { delete: [key] } : { set: { [key]: value } as unknown as Partial<S> };
}

function lay<S>({ set, delete: gone, add }: Update<S>, contents: Map<Key<S>, S[Key<S>]>): void {
  for (const key of gone ?? []) contents.delete(key);
  for (const [key, value] of Object.entries(set ?? {})) contents.set(key as Key<S>, value as S[Key<S>]);
  for (const [key, more] of Object.entries(add ?? {})) {
    const value: unknown = contents.get(key as Key<S>) ?? 0;
    if (typeof value === "number") contents.set(key as Key<S>, (value + (more as number)) as S[Key<S>]);
  }
}

const overlays = new WeakMap<object, Overlay<any>>();

/** That of a room, the same for all components. */
export function overlayOf<S>(room: Room<any, S>): Overlay<S> {
  let overlay = overlays.get(room);
  if (overlay === undefined) overlays.set(room, (overlay = new Overlay(room)));
  return overlay;
}
