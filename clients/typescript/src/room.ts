import { Emitter } from "./emitter.js";
import { type Cut, Entry, type EntryOwner, type JoinWire } from "./entry.js";
import { RoomcastError, refusal } from "./errors.js";
import { type Frame, listOf } from "./frames.js";
import { exceeds, toJson } from "./json.js";
import { applyNews, difference, listFrom, type MemberList, NO_NEWS } from "./members.js";
import { Position } from "./position.js";
import { queueFull, RoomRequests, type RequestWire } from "./queue.js";
import { attempt, Request, type RequestOptions } from "./request.js";
import { RoomState, type StatePart } from "./state.js";
import { MessageStream } from "./stream.js";
import type {
  AnyEvents,
  AnyState,
  CallOptions,
  History,
  HistoryOptions,
  JoinOptions,
  LeftEvent,
  Member,
  MembersOptions,
  MembersPage,
  Message,
  PublishOptions,
  RoomEvents,
  RoomStatus,
  StateChange,
  Update,
  Updated,
  UpdateOptions,
} from "./types.js";

/** What a room needs of its client. */
export interface RoomWire extends RequestWire, JoinWire {
  readonly isCongested: boolean;
  /** Why nothing goes any more. */
  readonly closed: RoomcastError | undefined;
  /** Of the server's greeting. */
  limit(name: string): number | undefined;
  newKey(): string;
  /** Sends without waiting for a reply. */
  post(type: string, body: string): void;
  /** Takes it out of the client's rooms, and says so to the server. */
  leave(id: string, options: CallOptions): Promise<void>;
  forget(id: string): void;
}

/**
 * A room that I am in, until `leave()`, over all connections. Messages come in order and once; `state` and `members` are
 * right behind every frame.
 */
export class Room<Events = AnyEvents, State = AnyState, M = any>
  extends Emitter<RoomEvents<Events, State, M>>
  implements AsyncIterable<Message<Events>>
{
  readonly id: string;
  /** The room's state, live and read-only. */
  readonly state = new RoomState<State>();
  readonly #wire: RoomWire;
  readonly #entry: Entry;
  readonly #requests: RoomRequests;
  readonly #position = new Position();
  readonly #streams = new Set<MessageStream<Message<Events>>>();
  /** Events of a first join, until whoever awaits it has had a turn to listen. */
  #held: (() => void)[] | undefined;
  #status: RoomStatus = "joining";
  #memberId: string | undefined;
  #count = 0;
  #members: MemberList | undefined;
  #takesState = false;
  /** Updates that are done, and wait for the version that shows it. */
  #unseen: { version: number; resolve: () => void }[] = [];

  /** @internal */
  constructor(wire: RoomWire, id: string, options: JoinOptions) {
    super("message", "members", "state", "resumed", "gap", "left", "error");
    this.id = id;
    this.#wire = wire;
    this.#requests = new RoomRequests(wire);
    this.#entry = new Entry(wire, this.#entryOwner(), options);
  }

  get status(): RoomStatus {
    return this.#status;
  }

  /** Names me: the `from` of my messages. Another one after a break that was longer than the server's grace. */
  get memberId(): string | undefined {
    return this.#memberId;
  }

  get epoch(): string | undefined {
    return this.#position.epoch;
  }

  /** Of the last kept message that was handed over. */
  get offset(): number {
    return this.#position.offset;
  }

  /** How many members there are, me included. */
  get count(): number {
    return this.#count;
  }

  /** By id, in order of joining; undefined unless joined with `members: true`, or where the room is too large for a list. */
  get members(): ReadonlyMap<string, Member<M>> | undefined {
    return this.#members;
  }

  /**
   * Publishes any JSON, as soon as there is a connection, and once. Resolves with the message's offset; without waiting, and
   * with nothing, for `keep: false`, `to` and `confirm: false`, which are for now or never.
   */
  publish(
    data: Events extends { message: infer Data } ? Data : never,
    options?: PublishOptions & { event?: undefined },
  ): Promise<number | undefined>;
  publish<E extends keyof Events & string>(data: Events[E], options: PublishOptions & { event: E }): Promise<number | undefined>;
  publish(data: unknown, options: PublishOptions = {}): Promise<number | undefined> {
    return attempt(() => {
      this.#check("publish");
      const { event, echo, keep, to, confirm } = options;
      const text = toJson(data, "publish", this.id);
      this.#checkSize(text);
      const isPassing = keep === false || to !== undefined || confirm === false;
      const key = options.key ?? (isPassing ? undefined : this.#wire.newKey());
      const head = toJson({ room: this.id, event, echo, keep, to, key }, "publish", this.id);
      const body = `${head.slice(0, -1)},"data":${text}}`;
      if (isPassing) return this.#publishNow(body);
      if (!this.#requests.isClear) this.#wire.offline.check(body, this.id);
      const timeoutMs = options.timeoutMs ?? this.#wire.settings.publishTimeoutMs;
      return this.#request("publish", body, {
        whenLost: "keyed",
        timeoutMs,
        signal: options.signal,
        data,
        onReply: (frame) => {
          if (echo === false) this.#passOwn(frame["offset"]);
        },
      }).then((frame) => frame["offset"]);
    });
  }

  /** Changes the state, all of it or nothing. Resolves when `room.state` shows it; `conflict` says what there was instead. */
  update(update: Update<State>, options: UpdateOptions<State> = {}): Promise<Updated> {
    return attempt(() => {
      this.#check("update");
      const { set, delete: gone, add, own } = update;
      const body = toJson({ room: this.id, set, delete: gone, add, own, if: options.if }, "update", this.id);
      const sent = this.#request("update", body, { whenLost: "unconfirmed", ...this.#time(options) });
      return sent.then(async (frame) => {
        const version: number = frame["version"];
        await this.#shown(version);
        return { version, values: frame["values"] ?? {} };
      });
    });
  }

  /** Changes what I tell the others about myself. */
  setMember(member: M, options: CallOptions = {}): Promise<void> {
    return attempt(() => {
      this.#check("member");
      const text = toJson(member, "member", this.id);
      const body = `{"room":${JSON.stringify(this.id)},"member":${text}}`;
      return this.#request("member", body, { whenLost: "again", ...this.#time(options) }).then(() => {
        this.#entry.member = JSON.parse(text);
      });
    });
  }

  /** Past messages, ascending. */
  history({ after, before, limit, ...options }: HistoryOptions = {}): Promise<History<Events>> {
    return attempt(() => {
      this.#check("history");
      const body = toJson({ room: this.id, after, before, limit }, "history", this.id);
      return this.#request("history", body, { whenLost: "again", ...this.#time(options) }).then((frame) => ({
        messages: listOf<Frame>(frame["messages"]).map((message) => this.#message(message)),
        more: frame["more"] === true,
      }));
    });
  }

  /** Who is there, once, also where the room was joined without its list. */
  fetchMembers({ after, limit, ...options }: MembersOptions = {}): Promise<MembersPage<M>> {
    return attempt(() => {
      this.#check("members");
      const body = toJson({ room: this.id, after, limit }, "members", this.id);
      return this.#request("members", body, { whenLost: "again", ...this.#time(options) }).then((frame) => ({
        members: listOf<Member<M>>(frame["members"]),
        count: frame["count"],
        more: frame["more"] === true,
      }));
    });
  }

  /** Leaves for good; also when there is no connection just now. */
  leave(options: CallOptions = {}): Promise<void> {
    return attempt(() => {
      if (this.#wire.closed) throw this.#wire.closed;
      if (this.#status === "left") return;
      const done = this.#wire.leave(this.id, options);
      this.#end({ reason: "left" }, this.#notMember());
      return done;
    });
  }

  /** Messages from here on. Ends when the room is left, with an error if nobody asked for that. */
  messages({ signal }: { signal?: AbortSignal } = {}): AsyncIterableIterator<Message<Events>> {
    const { bufferMessages } = this.#wire.settings;
    const stream = new MessageStream<Message<Events>>(bufferMessages, this.id, signal, (over) => this.#streams.delete(over));
    if (this.#status === "left") stream.end();
    else if (!stream.isOver) this.#streams.add(stream);
    return stream;
  }

  [Symbol.asyncIterator](): AsyncIterator<Message<Events>> {
    return this.messages();
  }

  // ---- For the client -------------------------------------------------------------------------------------------------

  /** @internal */
  get entry(): Entry {
    return this.#entry;
  }

  /** @internal */
  get requests(): RoomRequests {
    return this.#requests;
  }

  /** @internal The connection has ended; I come back with the next one. */
  suspend(): void {
    this.#entry.suspend();
    this.#requests.close();
    if (this.#status === "joined") this.#status = "rejoining";
  }

  /** @internal The client is closed, with this error for what waits. */
  close(error: RoomcastError, detail: string | undefined): void {
    this.#end(detail === undefined ? { reason: "closed" } : { reason: "closed", detail, error }, error);
  }

  /** @internal A frame of this room that answers no request. */
  take(frame: Frame): void {
    if (frame.type === "snapshot") return this.#entry.page(frame);
    if (frame.type === "left") return this.#removed(frame["reason"]);
    if (frame.type === "error") return this.emit("error", refusal(frame));
    if (this.#status !== "joined") return; // an earlier stay's, or behind a hole: the next `joined` has it
    switch (frame.type) {
      case "message":
        return this.#takeMessage(frame);
      case "messages":
        for (const message of listOf<Frame>(frame["messages"])) this.#takeMessage(message);
        return;
      case "published":
        return this.#passOwn(frame["offset"]); // without an id it is one with `echo: false`
      case "members":
        return this.#takeNews(frame);
      case "state":
        return this.#takeState(frame);
      case "gap":
        return this.#takeGap(frame);
      default: // of a later version
    }
  }

  // ---- Messages -------------------------------------------------------------------------------------------------------

  #takeMessage(frame: Frame): void {
    if (this.#status !== "joined") return; // a listener has left, or the one before shows a hole
    switch (this.#position.judge(frame["offset"])) {
      case "next":
        return this.#handOver(frame);
      case "hole":
        return this.#resync();
      default: // handed over before
    }
  }

  #handOver(frame: Frame): void {
    this.#position.pass(frame["offset"]);
    const message = this.#message(frame);
    this.#tell(() => {
      this.emit("message", message);
      for (const stream of [...this.#streams]) stream.push(message);
    });
  }

  #message(frame: Frame): Message<Events> {
    const message: Record<string, unknown> = { data: frame["data"], mine: frame["from"] !== undefined && frame["from"] === this.#memberId };
    for (const field of ["offset", "at", "from", "user", "event", "to"]) {
      if (frame[field] !== undefined) message[field] = frame[field];
    }
    return message as Message<Events>;
  }

  /** My own message, which I do not get: its offset counts as seen. */
  #passOwn(offset: unknown): void {
    if (this.#status !== "joined") return;
    if (this.#position.judge(offset) === "hole") this.#resync();
    else this.#position.pass(offset);
  }

  #takeGap({ after, before }: Frame): void {
    this.#position.pass(before - 1);
    this.#tell(() => this.emit("gap", { after, before, reason: "slow_consumer" }));
  }

  /** I have lost the thread: the server says anew where the room stands. */
  #resync(): void {
    this.#status = "rejoining";
    this.#entry.send();
  }

  // ---- Members and state ----------------------------------------------------------------------------------------------

  #takeNews(frame: Frame): void {
    if (typeof frame["count"] === "number") this.#count = frame["count"];
    const news = this.#members === undefined ? NO_NEWS : applyNews(this.#members, frame);
    const event = { ...news, count: this.#count };
    this.#tell(() => this.emit("members", event));
  }

  #takeState(frame: Frame): void {
    if (!this.#takesState) return;
    if ((frame["since"] ?? frame["version"] - 1) !== this.state.version) return this.#resync();
    this.#stateChanged(this.state.apply(frame as StatePart, frame["version"]), frame["from"]);
  }

  #stateChanged(changes: StateChange[], from: string | undefined): void {
    const { version } = this.state;
    const event = { changes: changes as StateChange<State>[], version };
    this.#tell(() => {
      this.emit("state", from === undefined ? event : { ...event, from });
      this.state.notify(changes);
    });
    this.#show(version);
  }

  /** Kept when the state shows this version. */
  #shown(version: number): Promise<void> | undefined {
    if (!this.#takesState || this.#status === "left" || this.state.version >= version) return undefined;
    return new Promise((resolve) => {
      const cancel = this.#wire.timers.timeout(this.#wire.settings.requestTimeoutMs, () => this.#show(version));
      this.#unseen.push({ version, resolve: () => (cancel(), resolve()) });
    });
  }

  #show(version: number): void {
    const shown = this.#unseen.filter((waiting) => waiting.version <= version);
    if (shown.length === 0) return;
    this.#unseen = this.#unseen.filter((waiting) => waiting.version > version);
    for (const { resolve } of shown) resolve();
  }

  // ---- Coming and going -----------------------------------------------------------------------------------------------

  #entryOwner(): EntryOwner {
    const room = this;
    return {
      id: this.id,
      get resume() {
        const { epoch, offset } = room.#position;
        if (epoch === undefined) return undefined;
        return room.#takesState ? { epoch, offset, version: room.state.version } : { epoch, offset };
      },
      sent: () => this.#requests.open(),
      stalled: () => this.#requests.close(),
      entered: (cut) => this.#entered(cut),
      refused: (error) => this.#refused(error),
      abandoned: () => this.#abandoned(),
    };
  }

  #entered({ joined, members, state }: Cut): void {
    const isFirst = this.#position.epoch === undefined;
    const restored = joined["memberId"] === this.#memberId;
    const lastOffset = this.#position.offset;
    const unseen = this.#position.unseen(joined, listOf<Frame>(joined["messages"]));
    this.#position.epoch = joined["epoch"];
    this.#memberId = joined["memberId"];
    this.#status = "joined";
    if (isFirst) this.#hold();
    this.#enterMembers(members, joined["count"], isFirst);
    this.#enterState(state, joined["version"], isFirst);
    if (joined["resumed"] === false) {
      this.#tell(() => this.emit("gap", { after: lastOffset, reason: joined["reason"] }));
    }
    for (const message of unseen) if (this.#isIn()) this.#handOver(message);
    if (!this.#isIn()) return; // a listener has left
    this.#position.offset = joined["offset"];
    if (joined["resumed"] === true) this.#tell(() => this.emit("resumed", { messages: unseen.length, restored }));
    this.#requests.flush();
  }

  #isIn(): boolean {
    return this.#status === "joined";
  }

  #enterMembers(entries: readonly Member[] | undefined, count: number, isFirst: boolean): void {
    const before = this.#members;
    const after = entries && listFrom(entries);
    const news = before && after ? difference(before, after) : NO_NEWS;
    const hasChanged = this.#count !== count || Object.values(news).some((list) => list.length > 0);
    this.#members = after;
    this.#count = count;
    if (isFirst || !hasChanged || !this.#entry.options.members) return;
    this.#tell(() => this.emit("members", { ...news, count }));
  }

  #enterState(parts: readonly StatePart[] | undefined, version: number, isFirst: boolean): void {
    this.#takesState = parts !== undefined;
    if (parts === undefined) {
      this.state.replace([], 0);
      return;
    }
    const isChange = parts[0]?.since !== undefined;
    const changes = isChange
      ? parts.flatMap((part) => this.state.apply(part, version))
      : this.state.replace(parts, version);
    if (!isFirst && changes.length > 0) this.#stateChanged(changes, undefined);
    this.#show(Number.POSITIVE_INFINITY); // what I had changed before is in it
  }

  /** A first join's events come a turn later, so that whoever awaited it hears them all. */
  #hold(): void {
    this.#held = [];
    this.#wire.timers.after(0, () => this.#release());
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const tell of held) tell();
  }

  #tell(tell: () => void): void {
    if (this.#held) this.#held.push(tell);
    else tell();
  }

  #removed(reason: unknown): void {
    const detail = typeof reason === "string" ? { detail: reason } : {};
    const error = this.#notMember(`The server took you out of "${this.id}".`);
    this.#wire.forget(this.id);
    this.#end({ reason: "removed", ...detail, error }, error);
  }

  /** A join was refused. Where I am in the room all the same, I stay. */
  #refused(error: RoomcastError): void {
    if (this.#status === "joined") return;
    this.#wire.forget(this.id);
    this.#end({ reason: "refused", detail: error.code, error }, error);
  }

  #abandoned(): void {
    if (this.#status !== "joining") return;
    this.#wire.forget(this.id);
    this.#end({ reason: "left" }, this.#notMember());
  }

  #end(event: LeftEvent, error: RoomcastError): void {
    if (this.#status === "left") return;
    const wasIn = this.#status !== "joining";
    this.#status = "left";
    this.#entry.end(error);
    this.#requests.failAll(error);
    this.#show(Number.POSITIVE_INFINITY);
    this.#release();
    for (const stream of [...this.#streams]) {
      if (event.error) stream.fail(event.error);
      else stream.end();
    }
    if (wasIn) this.emit("left", event);
  }

  // ---- Requests -------------------------------------------------------------------------------------------------------

  #request(type: string, body: string, options: RequestOptions): Promise<Frame> {
    const request = new Request(this.#wire.timers, type, body, {
      ...options,
      room: this.id,
      onRefusal: (error) => this.#repeats(request, error),
    });
    this.#requests.add(request);
    return request.promise;
  }

  /** Whether a refused request is sent again: refused for now, or because the join before it was. */
  #repeats(request: Request, error: RoomcastError): boolean {
    if (error.code === "not_member" && this.#status !== "joined") {
      this.#requests.requeue(request);
      return true;
    }
    const isForNow = error.code === "rate_limited" || error.code === "unavailable";
    return isForNow && request.options.whenLost === "keyed" && this.#requests.repeat(request, error.retryAfterMs);
  }

  #publishNow(body: string): undefined {
    if (this.#status !== "joined" || !this.#wire.isOpen) {
      const message = "There is no connection just now, and this message does not wait for one: leave it, or publish it later.";
      throw new RoomcastError("disconnected", message, { request: "publish", room: this.id });
    }
    this.#wire.publishes.turn(this.#wire.timers.now());
    this.#wire.post("publish", body);
    return undefined;
  }

  #time({ timeoutMs = this.#wire.settings.requestTimeoutMs, signal }: CallOptions) {
    return { timeoutMs, signal };
  }

  #check(request: string): void {
    if (this.#wire.closed) throw this.#wire.closed;
    if (this.#status === "left") {
      const message = `You have left "${this.id}": join it again, client.join("…"), and use the room that you get.`;
      throw new RoomcastError("left", message, { request, room: this.id });
    }
  }

  #checkSize(text: string): void {
    const most = this.#wire.limit("dataBytes");
    if (most !== undefined && exceeds(text, most)) {
      const message = `Send less: the server takes at most ${most} bytes of data in one message.`;
      throw new RoomcastError("too_large", message, { request: "publish", room: this.id });
    }
    if (this.#wire.isCongested) throw queueFull("the connection does not take what it has been given already", this.id);
  }

  #notMember(why = "The room was left before the reply came."): RoomcastError {
    return new RoomcastError("not_member", `${why} Join it again if you want to go on.`, { room: this.id });
  }
}

