import type { RoomcastError } from "./errors.js";

/** Data of messages by their `event`; messages without one stand under "message". This one is of a room that says nothing. */
export type AnyEvents = { [event: string]: any };
/** Values of the state by their key. */
export type AnyState = { [key: string]: any };

interface MessageFields {
  /** Its place in the room's order; not there if it is not kept. */
  readonly offset?: number;
  /** The server's clock, milliseconds since 1970. */
  readonly at: number;
  /** The member that published it; not there if the server did. */
  readonly from?: string;
  readonly user?: string;
  /** For this member only. */
  readonly to?: string;
  /** This membership published it. */
  readonly mine: boolean;
}

type EventField<E> = string extends E
  ? { readonly event?: string }
  : E extends "message"
    ? { readonly event?: undefined }
    : { readonly event: E };

/** A message of a room: `event` tells which of its kinds it is, and with it what `data` is. */
export type Message<Events = AnyEvents> = {
  [E in keyof Events & string]: MessageFields & EventField<E> & { readonly data: Events[E] };
}[keyof Events & string];

export interface Member<M = any> {
  readonly id: string;
  readonly user?: string;
  /** What the member tells about itself. */
  readonly member?: M;
}

/** `joined`, `left` and `changed` are empty where the room is joined without its list, or is too large for one. */
export interface MembersEvent<M = any> {
  readonly joined: readonly Member<M>[];
  /** Ids of members. */
  readonly left: readonly string[];
  readonly changed: readonly Member<M>[];
  readonly count: number;
}

export type StateChange<S = AnyState> = {
  [K in keyof S & string]: {
    readonly key: K;
    /** Not there if the key is deleted. */
    readonly value?: S[K];
    readonly deleted: boolean;
    readonly version: number;
  };
}[keyof S & string];

export interface StateEvent<S = AnyState> {
  readonly changes: readonly StateChange<S>[];
  readonly version: number;
  /** The member whose change it is; not there if the server changed it, or it is several changes. */
  readonly from?: string;
}

/** Back after a break, with nothing lost: the messages that were missed have just been handed over. */
export interface ResumedEvent {
  readonly messages: number;
  /** Whether the membership is the same: then nobody saw me go. */
  readonly restored: boolean;
}

/** Messages are missing: those behind `after` and, as far as that is known, before `before`. */
export interface GapEvent {
  readonly after: number;
  readonly before?: number;
  readonly reason: "epoch" | "future" | "too_many" | "trimmed" | "slow_consumer" | (string & {});
}

/** I am not in the room any more. */
export interface LeftEvent {
  readonly reason: "left" | "removed" | "refused" | "closed";
  /** With `removed` the server's word, with `refused` and `closed` the code of the error. */
  readonly detail?: string;
  readonly error?: RoomcastError;
}

export interface RoomEvents<Events = AnyEvents, State = AnyState, M = any> {
  message: Message<Events>;
  members: MembersEvent<M>;
  state: StateEvent<State>;
  resumed: ResumedEvent;
  gap: GapEvent;
  left: LeftEvent;
  /** A refusal of something whose reply nobody awaits. */
  error: RoomcastError;
}

export type RoomStatus = "joining" | "joined" | "rejoining" | "left";

export type ClientStatus = "connecting" | "connected" | "reconnecting" | "closed";

export interface StatusEvent {
  readonly status: ClientStatus;
  /** Why it is closed, if nobody asked for it. */
  readonly error?: RoomcastError;
  readonly closeCode?: number;
}

/** A connection, or an attempt at one, has ended, and there will be another. */
export interface RetryEvent {
  readonly closeCode: number;
  readonly reason: string;
  readonly retryInMs: number;
}

export interface SessionEvent {
  /** The session of the connection before is back. */
  readonly restored: boolean;
  /** How long the others still see me when the connection is gone. */
  readonly graceMs: number;
}

export interface FrameEvent {
  readonly direction: "in" | "out";
  readonly text: string;
}

export interface ClientEvents {
  status: StatusEvent;
  retry: RetryEvent;
  session: SessionEvent;
  /** Every text that goes over the wire, secrets included: for looking at the protocol. */
  frame: FrameEvent;
  error: RoomcastError;
}

export interface CallOptions {
  /** How long this call may take, 0 for ever. */
  timeoutMs?: number | undefined;
  /** Gives up; what has been sent may happen all the same. The call fails with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface JoinOptions<M = any> extends CallOptions {
  /** What the others are to know about me. */
  member?: M;
  /** `true`: the list of members and its news; "count": only how many. */
  members?: boolean | "count";
  /** Whether to take the room's state; as the room is set up, usually yes. */
  state?: boolean;
  /** So many of the last messages. */
  history?: number;
}

export interface PublishOptions extends CallOptions {
  /** A name, by which listeners tell messages apart. */
  event?: string | undefined;
  /** `false`: not to me. */
  echo?: boolean;
  /** `false`: for now only, like a cursor. */
  keep?: boolean;
  /** A member's id: to that one only. */
  to?: string;
  /** The same key is published once. Without one a key is made. */
  key?: string;
  /** `false`: kept, but now or never, and without waiting for the reply. */
  confirm?: boolean;
}

export interface Update<State = AnyState> {
  set?: Partial<State>;
  delete?: readonly (keyof State & string)[];
  /** What to add to each key, which holds a number. */
  add?: { [K in keyof State as [Extract<State[K], number>] extends [never] ? never : K]?: number };
  /** Keys that come to be by this are mine: they go when I do. */
  own?: boolean;
}

export interface UpdateOptions<State = AnyState> extends CallOptions {
  /** The version that each key has to have, 0 for none: `room.state.versionOf(key)`. */
  if?: { [K in keyof State]?: number };
}

export interface Updated {
  readonly version: number;
  /** What the numbers have come to that were added to. */
  readonly values: Readonly<Record<string, number>>;
}

export interface HistoryOptions extends CallOptions {
  /** Only messages behind this offset, the first ones of them. */
  after?: number;
  /** Only messages before this offset. */
  before?: number;
  limit?: number;
}

export interface History<Events = AnyEvents> {
  readonly messages: readonly Message<Events>[];
  /** There are further messages between the bounds. */
  readonly more: boolean;
}

export interface MembersOptions extends CallOptions {
  /** A member's id: go on behind it. */
  after?: string;
  limit?: number;
}

export interface MembersPage<M = any> {
  readonly members: readonly Member<M>[];
  readonly count: number;
  readonly more: boolean;
}
