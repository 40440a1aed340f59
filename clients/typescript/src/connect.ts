import { Client } from "./client.js";
import { RoomcastError } from "./errors.js";
import type { ConnectOptions, WebSocketConstructor } from "./options.js";

/**
 * Starts to connect and returns at once; what is asked of the client meanwhile waits. In a browser the address may be
 * relative to the page, such as "/ws".
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Client {
  const address = addressOf(String(url));
  const Socket = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor | undefined);
  if (Socket === undefined) {
    const message = "This runtime has no WebSocket: pass one, connect(url, { WebSocket }), such as that of the package ws.";
    throw new RoomcastError("bad_request", message);
  }
  return new Client(address, Socket, options);
}

function addressOf(url: string): string {
  const address = parse(url) ?? parse(url, globalThis.location?.href, true);
  if (address !== undefined && /^wss?:$/.test(address.protocol)) {
    address.hash = ""; // a WebSocket takes none
    return address.href;
  }
  throw new RoomcastError("bad_url", `Give an address that begins with ws:// or wss://, not "${url}".`);
}

function parse(url: string, base?: string, isRelative = false): URL | undefined {
  try {
    const address = new URL(url, base);
    if (isRelative) address.protocol = address.protocol.replace(/^http/, "ws");
    return address;
  } catch {
    return undefined;
  }
}
