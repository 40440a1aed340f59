import type { Client } from "./client.js";
import { Emitter, listen } from "./emitter.js";
import { type Cut, Entry } from "./entry.js";
import { RoomcastError, refusal } from "./errors.js";
import type { Frame } from "./frames.js";
import { applyNews, difference, type MemberList, NO_NEWS } from "./members.js";
import { RoomRequests } from "./queue.js";
import { RoomState, type StatePart } from "./state.js";
import { MessageStream } from "./stream.js";
import type { LeftEvent, Member, Message, RoomEvents, RoomStatus, StateChange } from "./types.js";

/** Fields that only this class writes. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is known of a room: its frames turned into messages in order and once, a list of members, and a state. */
export abstract class Mirror<Events, State, M> extends Emitter<RoomEvents<Events, State, M>> {
  declare readonly id: string;
  readonly status: RoomStatus = "joining";
  /** Names me: the `from` of my messages. Another one after a break that was longer than the server's grace. */
  declare readonly memberId: string | undefined;
  /** Offsets and versions of different epochs do not compare. */
  declare readonly epoch: string | undefined;
  /** Of the last kept message that was handed over. */
  readonly offset: number = 0;
  /** How many members there are, me included. */
  readonly count: number = 0;
  /** By id, in order of joining; undefined unless joined with `members: true`, or where the room is too large for a list. */
  declare readonly members: ReadonlyMap<string, Member<M>> | undefined;
  /** The room's state, live and read-only. */
  readonly state = new RoomState<State>();
  /** @internal */
  declare readonly client: Client;
  /** @internal */
  declare readonly entry: Entry;
  /** @internal */
  declare readonly requests: RoomRequests;
  readonly #streams = new Set<MessageStream<Message<Events>>>();
  /** Events of a first join, until whoever awaits it has had a turn to listen. */
  #held: (() => void)[] | undefined;
  #takesState = false;
  /** Updates that are done, and wait until the state shows it. */
  readonly #unseen = new Set<() => void>();

  /** @internal */
  constructor(client: Client, id: string) {
    super();
    this.id = id;
    this.client = client;
    this.entry = new Entry(client, this);
    this.requests = new RoomRequests(client);
  }

  /** Messages from here on. Ends when the room is left, with an error if nobody asked for that. */
  messages({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<Message<Events>, undefined> {
    const stream = new MessageStream<Message<Events>>(this.client.settings.bufferMessages);
    const abort = () => stream.end(signal?.reason);
    const ignore = listen(signal, "abort", abort);
    if (signal?.aborted) abort();
    if (this.status === "left") stream.end();
    this.#streams.add(stream);
    return stream.read(() => {
      this.#streams.delete(stream);
      ignore();
    });
  }

  [Symbol.asyncIterator](): AsyncGenerator<Message<Events>, undefined> {
    return this.messages();
  }

  /** @internal The connection has ended; I come back with the next one. */
  suspend(): void {
    this.entry.suspend();
    this.requests.close();
    if (this.status === "joined") (this as Writable<this>).status = "rejoining";
  }

  /** @internal A frame of this room that answers no request. */
  take(frame: Frame): void {
    switch (frame.type) {
      case "snapshot":
        return this.entry.page(frame);
      case "error":
        return this.emit("error", refusal(frame));
      case "left":
        return this.#removed(frame["reason"]);
      case "message":
        return this.#takeMessage(frame);
      case "messages":
        for (const message of frame["messages"]) this.#takeMessage(message);
    }
    if (this.status !== "joined") return; // an earlier stay's, or behind a hole: the next `joined` has it
    switch (frame.type) {
      case "published": // without an id it is one with `echo: false`
        return this.passOwn(frame["offset"]);
      case "members":
        return this.#takeNews(frame);
      case "state":
        return this.#takeState(frame);
      case "gap":
        return this.#takeGap(frame);
    }
  }

  /** @internal Where I stand, for the next join. */
  get resume(): object | undefined {
    const version = this.#takesState ? this.state.version : undefined;
    return this.epoch === undefined ? undefined : { epoch: this.epoch, offset: this.offset, version };
  }

  /** @internal */
  entered({ joined, members, state }: Cut): void {
    const { memberId, epoch, offset, version, count, messages = [], resumed, reason } = joined;
    const isFirst = this.epoch === undefined;
    const restored = memberId === this.memberId;
    const after = this.offset;
    const unseen: Frame[] = messages.filter((message: Frame) => epoch !== this.epoch || message["offset"] > after);
    (this as Writable<this>).epoch = epoch;
    (this as Writable<this>).memberId = memberId;
    (this as Writable<this>).status = "joined";
    if (isFirst) this.#hold();
    const told = [this.#enterMembers(members, count), this.#enterState(state, version)];
    if (resumed === false) this.#tell(() => this.emit("gap", { after, before: unseen[0]?.["offset"] ?? offset + 1, reason }));
    for (const message of unseen) this.#handOver(message);
    (this as Writable<this>).offset = offset;
    if (resumed) this.#tell(() => this.emit("resumed", { messages: unseen.length, restored }));
    for (const tell of told) if (tell && !isFirst) this.#tell(tell);
    this.requests.flush();
  }

  /** @internal A join was refused for good. Where I am in the room all the same, I stay. */
  refused(error: RoomcastError): void {
    if (this.status === "joined") this.requests.isOpen = true;
    else this.leaveWith({ reason: "refused", detail: error.code, error }, error);
  }

  /** @internal Nobody waits for the first join any more. */
  abandoned(): void {
    if (this.status === "joining") this.leaveWith({ reason: "left" }, this.#notMember());
  }

  /** @internal It is over. `error` is what the requests that wait fail with. */
  leaveWith(event: LeftEvent, error = this.#notMember()): void {
    const wasIn = this.status !== "joining";
    if (this.status === "left") return;
    this.#release();
    (this as Writable<this>).status = "left";
    this.client.forget(this);
    this.entry.end(error);
    this.requests.failAll(error);
    this.#show();
    for (const stream of this.#streams) stream.end(event.error);
    if (wasIn) this.emit("left", event);
  }

  /** @internal A message of mine that I do not get: its offset counts as seen. */
  passOwn(offset: number | undefined): void {
    if (this.status !== "joined" || offset === undefined) return;
    if (offset > this.offset + 1) this.#resync();
    else (this as Writable<this>).offset = Math.max(this.offset, offset);
  }

  /** @internal Kept when the state shows this version, or will not. */
  async shown(version: number): Promise<void> {
    const epoch = this.epoch;
    while (this.#takesState && this.status !== "left" && this.epoch === epoch && this.state.version < version) {
      await new Promise<void>((resolve) => this.#unseen.add(resolve));
    }
  }

  /** @internal */
  toMessage(frame: Frame): Message<Events> {
    const { type, room, ...message } = frame;
    return { ...message, mine: message["from"] === this.memberId } as unknown as Message<Events>;
  }

  #takeMessage(frame: Frame): void {
    const { offset } = frame;
    if (this.status !== "joined" || offset <= this.offset) return;
    if (offset > this.offset + 1) return this.#resync();
    (this as Writable<this>).offset = offset ?? this.offset;
    this.#handOver(frame);
  }

  #handOver(frame: Frame): void {
    const message = this.toMessage(frame);
    this.#tell(() => {
      this.emit("message", message);
      for (const stream of this.#streams) stream.push(message);
    });
  }

  #takeGap({ after, before }: Frame): void {
    (this as Writable<this>).offset = Math.max(this.offset, before - 1);
    this.#tell(() => this.emit("gap", { after, before, reason: "slow_consumer" }));
  }

  /** I have lost the thread: the server says anew where the room stands. */
  #resync(): void {
    (this as Writable<this>).status = "rejoining";
    this.entry.send();
  }

  #takeNews(frame: Frame): void {
    const count: number = frame["count"];
    (this as Writable<this>).count = count;
    const news = this.members ? applyNews(this.members as MemberList, frame) : NO_NEWS;
    // The room has become too large for news by name.
    if (this.members?.size !== count) (this as Writable<this>).members = undefined;
    this.#tell(() => this.emit("members", { ...news, count }));
  }

  #takeState(frame: Frame): void {
    const { version, since = version - 1, from } = frame;
    if (!this.#takesState) return;
    if (since !== this.state.version) return this.#resync();
    this.#tell(this.#stateEvent(this.state.apply([frame as StatePart], version, false), from));
    this.#show();
  }

  #stateEvent(changes: StateChange[], from?: string): () => void {
    const event = { changes: changes as StateChange<State>[], version: this.state.version, ...(from && { from }) };
    return () => {
      this.emit("state", event);
      this.state.notify(changes);
    };
  }

  #show(): void {
    for (const resolve of this.#unseen) resolve();
    this.#unseen.clear();
  }

  /** What there is to tell of it, if anything has changed; the lists are right at once. */
  #enterMembers(entries: Member[] | undefined, count: number): (() => void) | false | undefined {
    const before = this.members;
    const after = entries && new Map(entries.map((entry) => [entry.id, entry]));
    const news = before && after ? difference(before as MemberList, after) : NO_NEWS;
    const hasChanged = count !== this.count || Object.values(news).some((list) => list.length > 0);
    (this as Writable<this>).members = after;
    (this as Writable<this>).count = count;
    return hasChanged && !!this.entry.options.members && (() => this.emit("members", { ...news, count }));
  }

  #enterState(parts: StatePart[] | undefined, version: number): (() => void) | false {
    this.#takesState = parts !== undefined;
    const changes = this.state.apply(parts ?? [], parts ? version : 0, parts?.[0]?.since === undefined);
    this.#show();
    return changes.length > 0 && this.#stateEvent(changes);
  }

  /** A first join's events come a turn later, so that whoever awaited it hears them all. */
  #hold(): void {
    this.#held = [];
    this.client.timers.later(0, () => this.#release());
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const tell of held) tell();
  }

  /** Nothing of the room is told once it is left. */
  #tell(tell: () => void): void {
    if (this.#held) this.#held.push(tell);
    else if (this.status !== "left") tell();
  }

  #removed(detail: string | undefined): void {
    this.leaveWith({ reason: "removed", ...(detail && { detail }), error: this.#notMember("The server took you out", "left") });
  }

  #notMember(why = "The room was left", code = "not_member"): RoomcastError {
    return new RoomcastError(code, `${why}: join it again.`, { room: this.id });
  }
}
