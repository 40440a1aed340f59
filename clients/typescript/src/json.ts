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

/** Others, such as a Map or a promise, would be an empty object. */
const JSON_KIND = / (Object|Array|String|Boolean|Null)]/;

function refuseWhatIsNoJson(this: unknown, key: string, value: unknown): any {
  const isLeftOut = value === undefined && !Array.isArray(this);
  if (isLeftOut || Number.isFinite(value) || JSON_KIND.test({}.toString.call(value))) return value;
  throw new TypeError(`"${key}" is ${String(value)}.`);
}

/** Whether two values, read from JSON, are the same with their fields in the same order. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const encoder = new TextEncoder();

/** How many bytes a text takes on the wire. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** Whether a text takes more bytes than that; most texts need no counting. */
export function exceeds(text: string, bytes = Infinity): boolean {
  return text.length * 3 > bytes && bytesOf(text) > bytes;
}
