import type { Client, JoinOptions, Room, RoomcastError, RoomStatus } from "@roomcast/client";

/** What a component sees of a room that it is in, or is about to be in. */
export interface RoomView<E, S, M> {
  readonly room: Room<E, S, M> | undefined;
  readonly status: RoomStatus;
  /** Why it could not be joined, or was left without anybody asking for it. */
  readonly error: RoomcastError | undefined;
}

type View = RoomView<any, any, any>;

const JOINING: View = { room: undefined, status: "joining", error: undefined };

/** A room that components share: joined for the first of them, left behind the last. */
export class SharedRoom {
  readonly #client: Client;
  readonly #id: string;
  #options: JoinOptions;
  readonly #listeners = new Set<() => void>();
  #view: View = JOINING;
  #offs: (() => void)[] = [];
  #isJoining = false;

  constructor(client: Client, id: string, options: JoinOptions) {
    this.#client = client;
    this.#id = id;
    this.#options = options;
  }

  /** Those of the first component that is to be in the room. */
  use(options: JoinOptions): this {
    if (this.#listeners.size === 0 && !this.#isJoining && this.#offs.length === 0) this.#options = options;
    return this;
  }

  readonly view = (): View => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#begin();
    return () => {
      this.#listeners.delete(listener);
      // In its strict mode React takes every component away once and puts it back at once.
      setTimeout(() => this.#listeners.size === 0 && this.#end(), 0);
    };
  };

  #begin(): void {
    if (this.#isJoining || this.#offs.length > 0) return;
    this.#isJoining = true;
    this.#view = JOINING;
    this.#client.join(this.#id, this.#options).then(
      (room) => this.#entered(room),
      (error) => {
        this.#isJoining = false;
        this.#show({ ...JOINING, status: "left", error });
        if (this.#listeners.size === 0) this.#end();
      },
    );
  }

  #entered(room: Room): void {
    const look = () => this.#show({ room, status: room.status, error: undefined });
    this.#isJoining = false;
    this.#offs = [
      this.#client.on("status", look),
      room.on("resumed", look),
      room.on("gap", look),
      room.on("left", ({ error }) => this.#show({ room, status: "left", error })),
    ];
    look();
    if (this.#listeners.size === 0) this.#end();
  }

  /** Nobody is here any more. A join that is under way comes to its end first. */
  #end(): void {
    if (this.#isJoining) return;
    for (const off of this.#offs.splice(0)) off();
    this.#view.room?.leave().catch(() => {}); // it may be closed already
    this.#view = JOINING;
  }

  #show(view: View): void {
    const { room, status, error } = this.#view;
    if (view.room === room && view.status === status && view.error === error) return;
    this.#view = view;
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * Held by the components that use them, also by those that React has hidden and may show again: to these it has to be the
 * same as to others, or one of the two would leave the room of the other.
 */
const rooms = new WeakMap<Client, Map<string, WeakRef<SharedRoom>>>();

export function sharedRoom(client: Client, id: string, options: JoinOptions): SharedRoom {
  let ofClient = rooms.get(client);
  if (ofClient === undefined) rooms.set(client, (ofClient = new Map()));
  const known = ofClient.get(id)?.deref();
  if (known !== undefined) return known.use(options);
  for (const [other, room] of ofClient) if (room.deref() === undefined) ofClient.delete(other);
  const made = new SharedRoom(client, id, options);
  ofClient.set(id, new WeakRef(made));
  return made;
}
