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

/** The one type of everything that fails. Decide by `code`; `message` tells a developer what to do. */
export class RoomcastError extends Error {
  readonly code: ErrorCode;
  declare readonly room?: string;
  declare readonly request?: string;
  declare readonly retryAfterMs?: number;
  declare readonly current?: Readonly<Record<string, CurrentValue>>;
  declare readonly closeCode?: number;
  declare readonly data?: unknown;
  declare readonly cause?: unknown;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.name = "RoomcastError";
    this.code = code;
    for (const [field, value] of Object.entries(detail)) {
      if (value !== undefined) Object.defineProperty(this, field, { value, enumerable: true, configurable: true });
    }
  }
}

interface ErrorFrame {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly room?: unknown;
  readonly request?: unknown;
  readonly retryAfterMs?: unknown;
  readonly current?: unknown;
}

/** The error of a frame `error`, whatever its fields are. */
export function refusal(frame: ErrorFrame): RoomcastError {
  const code = typeof frame.code === "string" ? frame.code : "unavailable";
  return new RoomcastError(code, typeof frame.message === "string" ? frame.message : `The server refused: ${code}.`, {
    room: textOf(frame.room),
    request: textOf(frame.request),
    retryAfterMs: typeof frame.retryAfterMs === "number" ? frame.retryAfterMs : undefined,
    current: frame.current as ErrorDetail["current"],
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
