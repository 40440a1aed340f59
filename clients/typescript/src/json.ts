import { type ErrorDetail, RoomcastError } from "./errors.js";

/**
 * The JSON of a value. What JSON.stringify would turn into something else without a word (NaN, a function, `undefined` in
 * an array), and what it cannot do at all (a cycle, a BigInt), is refused; a field that is `undefined` is left out.
 */
export function toJson(value: unknown, detail?: ErrorDetail): string {
  try {
    return JSON.stringify(value, refuseWhatIsNoJson) ?? refuseWhatIsNoJson.call([], "data", value);
  } catch (cause) {
    throw new RoomcastError("bad_request", `Send only JSON: ${cause}`, { ...detail, cause });
  }
}

function refuseWhatIsNoJson(this: unknown, key: string, value: unknown): any {
  const kind = typeof value;
  const isJson = kind === "number" ? Number.isFinite(value) : kind !== "function" && kind !== "symbol";
  if (isJson && (value !== undefined || !Array.isArray(this))) return value;
  throw new TypeError(`"${key}" is ${String(value)}.`);
}

const encoder = new TextEncoder();

/** How many bytes a text takes on the wire. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** Whether a text takes more bytes than that; most texts need no counting. */
export function exceeds(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && bytesOf(text) > bytes;
}
