/** A frame of the server as it was read: only `type` is certain. What is inside is looked at where it is used. */
export interface Frame {
  readonly type: string;
  readonly id?: unknown;
  readonly room?: unknown;
  readonly [field: string]: any;
}

/** The JSON object of a text, or undefined where it is no frame of this protocol. */
export function readFrame(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return isObject(frame) && typeof frame["type"] === "string" ? (frame as unknown as Frame) : undefined;
  } catch {
    return undefined;
  }
}

/** A request's text: `body` is a JSON object that does not have these two yet. */
export function frameText(type: string, id: number | undefined, body: string): string {
  const head = id === undefined ? `{"type":"${type}"` : `{"type":"${type}","id":${id}`;
  return body === "{}" ? `${head}}` : `${head},${body.slice(1)}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A list of a frame, empty where there is none. */
export function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : [];
}
