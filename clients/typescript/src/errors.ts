/** The server's codes (PROTOCOL.md, Error codes), and those of a client's own (docs/clients.md, Errors). */
export type ErrorCode =
  | "bad_request"
  | "unknown_type"
  | "bad_room"
  | "not_member"
  | "not_allowed"
  | "unauthorized"
  | "token_expired"
  | "room_full"
  | "too_many_rooms"
  | "too_large"
  | "rate_limited"
  | "conflict"
  | "unavailable"
  | "timeout"
  | "disconnected"
  | "unconfirmed"
  | "queue_full"
  | "closed"
  | "left"
  | "bad_url"
  | "bad_frame"
  | "unsupported_protocol"
  | "token"
  | "overflow"
  // One that a later server has, or an application of its own.
  | (string & {});

/** What a key of the state is, where it was not what `if` said. */
export interface CurrentValue {
  readonly version: number;
  readonly value?: unknown;
}

/** What an error knows beside its code: only those fields that apply are there. */
export interface ErrorDetail {
  readonly room?: string | undefined;
  /** The type of the frame that was refused, such as "publish". */
  readonly request?: string | undefined;
  /** Not before this time. */
  readonly retryAfterMs?: number | undefined;
  /** With `conflict`: what there is for each key that did not match. */
  readonly current?: Readonly<Record<string, CurrentValue>> | undefined;
  /** With which code the server closed the connection for good. */
  readonly closeCode?: number | undefined;
  /** With `unconfirmed` from a publish: what was to be published. */
  readonly data?: unknown;
  readonly cause?: unknown;
}

const FIELDS = ["room", "request", "retryAfterMs", "current", "closeCode", "data", "cause"] as const;

/** The one type of everything that fails. Decide by `code`; `message` tells a developer what to do. */
export class RoomcastError extends Error implements ErrorDetail {
  override readonly name = "RoomcastError";
  declare readonly code: ErrorCode;
  declare readonly room?: string;
  declare readonly request?: string;
  declare readonly retryAfterMs?: number;
  declare readonly current?: Readonly<Record<string, CurrentValue>>;
  declare readonly closeCode?: number;
  declare readonly data?: unknown;
  declare readonly cause?: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    detail: ErrorDetail = {},
  ) {
    super(message);
    this.code = code;
    for (const field of FIELDS) if (detail[field] !== undefined) (this as any)[field] = detail[field];
  }
}

/** The error of a frame `error`. */
export function refusal(frame: { readonly [field: string]: any }): RoomcastError {
  return new RoomcastError(frame["code"], frame["message"], frame);
}
