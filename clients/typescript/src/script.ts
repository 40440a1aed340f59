/** What the server has at /roomcast.js: the global `roomcast`. */
import type { Client } from "./client.js";
import { connect as connectTo } from "./connect.js";
import type { ConnectOptions } from "./options.js";

export { RoomcastError } from "./errors.js";

const script = globalThis.document?.currentScript as HTMLScriptElement | null | undefined;
const base = script?.src || globalThis.location?.href;

/** Without an address it is "ws" next to where this script came from. */
export function connect(url: string | URL = besideScript(), options: ConnectOptions = {}): Client {
  return connectTo(url, options);
}

function besideScript(): string {
  return new URL("ws", base).href.replace(/^http/, "ws").replace(/#.*/, "");
}
