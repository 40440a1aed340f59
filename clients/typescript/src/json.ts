import { RoomcastError } from "./errors.js";

/**
 * The JSON of a value. What JSON.stringify would turn into something else without a word (NaN, a function, `undefined` in
 * an array), and what it cannot do at all (a cycle, a BigInt), is refused; a field that is `undefined` is left out.
 */
export function toJson(value: unknown, request: string, room: string): string {
  let cause: unknown;
  try {
    const text = JSON.stringify(value, refuseWhatIsNoJson);
    if (text !== undefined) return text;
    cause = new TypeError(`It is ${typeof value}.`);
  } catch (error) {
    cause = error;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new RoomcastError("bad_request", `Give data that can be written as JSON. ${reason}`, { request, room, cause });
}

function refuseWhatIsNoJson(this: unknown, key: string, value: unknown): unknown {
  const kind = typeof value;
  if (
    kind === "function" ||
    kind === "symbol" ||
    (kind === "number" && !Number.isFinite(value)) ||
    (kind === "undefined" && Array.isArray(this))
  ) {
    throw new TypeError(`${key === "" ? "It" : `"${key}"`} is ${kind === "number" ? value : kind}.`);
  }
  return value;
}

const encoder = new TextEncoder();

/** How many bytes a text takes on the wire. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** Whether a text takes more bytes than that; most texts need no counting. */
export function exceeds(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && bytesOf(text) > bytes);
}
