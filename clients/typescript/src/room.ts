import { type ErrorCode, RoomcastError } from "./errors.js";
import type { Frame } from "./frames.js";
import { exceeds, toJson } from "./json.js";
import { Mirror } from "./mirror.js";
import { isPassing } from "./queue.js";
import { attempt, Request, type RequestOptions, type WhenLost } from "./request.js";
import type {
  AnyEvents,
  AnyState,
  CallOptions,
  History,
  HistoryOptions,
  MembersOptions,
  MembersPage,
  PublishOptions,
  Update,
  Updated,
  UpdateOptions,
} from "./types.js";

/**
 * A room that I am in, until `leave()`, over all connections. Messages come in order and once; `state` and `members` are
 * right behind every frame.
 */
export class Room<Events = AnyEvents, State = AnyState, M = any> extends Mirror<Events, State, M> {
  /**
   * Publishes any JSON, as soon as there is a connection, and once. Resolves with the message's offset; without waiting, and
   * with nothing, for `keep: false`, `to` and `confirm: false`, which are for now or never.
   */
  publish(
    data: "message" extends keyof Events ? Events["message" & keyof Events] : never,
    options?: PublishOptions & { event?: undefined },
  ): Promise<number | undefined>;
  publish<E extends keyof Events & string>(data: Events[E], options: PublishOptions & { event: E }): Promise<number | undefined>;
  publish(data: unknown, options: PublishOptions = {}): Promise<number | undefined> {
    return attempt(async () => {
      const { confirm = true, timeoutMs = this.client.settings.publishTimeoutMs, signal, ...fields } = options;
      this.#check("publish", signal);
      const isPassing = fields.keep === false || fields.to !== undefined || !confirm;
      const text = toJson(data, this.#about("publish"));
      if (!isPassing) fields.key ??= this.client.newKey();
      const body = `${this.#body("publish", fields).slice(0, -1)},"data":${text}}`;
      this.#checkPublish(text, body, isPassing);
      if (isPassing) return this.client.sendFrame("publish", body);
      const { offset } = await this.#request("publish", body, {
        whenLost: "keyed",
        timeoutMs,
        signal,
        data,
        onReply: (frame) => fields.echo === false && this.passOwn(frame["offset"]),
      });
      return offset;
    });
  }

  /** Changes the state, all of it or nothing. Resolves when `room.state` shows it; `conflict` says what there was instead. */
  update(update: Update<State>, options?: UpdateOptions<State>): Promise<Updated> {
    return attempt(async () => {
      const { version, values = {} } = await this.#ask("update", { ...options, ...update }, "unconfirmed");
      await this.shown(version);
      return { version, values };
    });
  }

  /** Changes what I tell the others about myself. */
  setMember(member: M, options?: CallOptions): Promise<void> {
    return attempt(async () => {
      const copy = JSON.parse(toJson(member, this.#about("member")));
      await this.#ask("member", { ...options, member: copy } as CallOptions);
      this.entry.options.member = copy;
    });
  }

  /** Past messages, ascending. */
  history(options?: HistoryOptions): Promise<History<Events>> {
    return attempt(async () => {
      const { messages, more } = await this.#ask("history", options);
      return { messages: messages.map((message: Frame) => this.toMessage(message)), more };
    });
  }

  /** Who is there, once, also where the room was joined without its list. */
  fetchMembers(options?: MembersOptions): Promise<MembersPage<M>> {
    return attempt(async () => {
      const { members, count, more } = await this.#ask("members", options);
      return { members, count, more };
    });
  }

  /** Leaves for good; also when there is no connection just now. */
  leave(options: CallOptions = {}): Promise<void> {
    return attempt(async () => {
      this.client.check(options.signal);
      if (this.status === "left") return;
      const done = this.client.leave(this.id, this.#body("leave"), options);
      this.leaveWith({ reason: "left" });
      await done;
    });
  }

  /** What is asked, and how long the call may take. */
  async #ask(type: string, { timeoutMs, signal, ...fields }: CallOptions = {}, whenLost: WhenLost = "again"): Promise<Frame> {
    this.#check(type, signal);
    return this.#request(type, this.#body(type, fields), { timeoutMs, signal, whenLost });
  }

  #request(type: string, body: string, options: RequestOptions): Promise<Frame> {
    const request: Request = new Request(this.client, type, body, {
      ...options,
      room: this.id,
      onRefusal: (error) => this.#repeats(request, error),
      onEnd: () => this.requests.remove(request),
    });
    this.requests.add(request);
    return request.promise;
  }

  /** Whether a refused request is sent again: refused for now, or because the join before it was. */
  #repeats(request: Request, error: RoomcastError): boolean {
    if (error.code === "not_member" && this.status !== "joined") return this.requests.repeat(request, 0);
    return isPassing(error) && request.options.whenLost === "keyed" && this.requests.repeat(request, error.retryAfterMs);
  }

  #about(request: string) {
    return { request, room: this.id };
  }

  #body(request: string, fields?: object): string {
    return toJson({ ...fields, room: this.id }, this.#about(request));
  }

  #check(request: string, signal: AbortSignal | undefined): void {
    this.client.check(signal);
    if (this.status === "left") {
      throw new RoomcastError("left", "The room was left: join it again.", this.#about(request));
    }
  }

  /** What can be seen to fail, before anything is sent. */
  #checkPublish(data: string, body: string, isPassing: boolean): void {
    const { limits, isOpen, isCongested } = this.client;
    const most = limits["dataBytes"];
    const fault = exceeds(data, most)
      ? ["too_large", `Data may have ${most} bytes: send less.`]
      : isPassing && (this.status !== "joined" || !isOpen)
        ? ["disconnected", "No connection, and this does not wait: leave it."]
        : isCongested || (!isPassing && !this.requests.isClear && this.client.isFull(body))
          ? ["queue_full", "Too much waits: publish later."]
          : undefined;
    if (fault) throw new RoomcastError(fault[0] as ErrorCode, fault[1] as string, this.#about("publish"));
  }
}
