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
  readonly #options: JoinOptions;
  readonly #forget: () => void;
  readonly #listeners = new Set<() => void>();
  #view: View = JOINING;
  #offs: (() => void)[] = [];
  #isJoining = false;

  constructor(client: Client, id: string, options: JoinOptions, forget: () => void) {
    this.#client = client;
    this.#id = id;
    this.#options = options;
    this.#forget = forget;
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
    this.#forget();
    for (const off of this.#offs.splice(0)) off();
    this.#view.room?.leave().catch(() => {}); // it may be closed already
  }

  #show(view: View): void {
    const { room, status, error } = this.#view;
    if (view.room === room && view.status === status && view.error === error) return;
    this.#view = view;
    for (const listener of [...this.#listeners]) listener();
  }
}

const rooms = new WeakMap<Client, Map<string, SharedRoom>>();

export function sharedRoom(client: Client, id: string, options: JoinOptions): SharedRoom {
  let ofClient = rooms.get(client);
  if (ofClient === undefined) rooms.set(client, (ofClient = new Map()));
  const known = ofClient.get(id);
  if (known !== undefined) return known;
  const made: SharedRoom = new SharedRoom(client, id, options, () => {
    if (ofClient.get(id) === made) ofClient.delete(id);
  });
  ofClient.set(id, made);
  return made;
}
