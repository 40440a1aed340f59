/** A frame of the server as it was read: only `type` is certain. Fields are those of PROTOCOL.md, by type. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: any;
}

/** The JSON object of a text; throws where it is no frame of this protocol. */
export function readFrame(text: string): Frame {
  const frame = JSON.parse(text);
  if (typeof frame.type === "string") return frame; // which no other kind of JSON has
  throw new TypeError("no type");
}

/** A request's text: `body` is a JSON object that does not have these two yet. */
export function frameText(type: string, id: number | undefined, body: string): string {
  const head = JSON.stringify({ type, id }).slice(0, -1);
  return body === "{}" ? `${head}}` : `${head},${body.slice(1)}`;
}
