/** What the server has at /roomcast.js: the global `roomcast`. */
import type { Client } from "./client.js";
import { connect as connectTo } from "./connect.js";
import { RoomcastError } from "./errors.js";
import { Line } from "./line.js";
import type { ConnectOptions } from "./options.js";

const script = document.currentScript as HTMLScriptElement | null;
const base = script?.src || location.href;

/** Without an address it is "ws" next to where this script came from. */
function connect(url: string | URL = besideScript(), options: ConnectOptions = {}): Client {
  return connectTo(url, options);
}

function besideScript(): string {
  const address = new URL("ws", base);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

Object.assign(globalThis, { roomcast: Object.freeze({ connect, Line, RoomcastError }) });
