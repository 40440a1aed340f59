import { Client } from "./client.js";
import { RoomcastError } from "./errors.js";
import type { ConnectOptions, WebSocketConstructor } from "./options.js";

/**
 * Starts to connect and returns at once; what is asked of the client meanwhile waits. In a browser the address may be
 * relative to the page, such as "/ws".
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Client {
  const Socket = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor | undefined);
  if (!Socket) throw new RoomcastError("bad_request", "No WebSocket here: pass that of the package ws as an option.");
  return new Client(addressOf(`${url}`), Socket, options);
}

function addressOf(url: string): string {
  const base = globalThis.location?.href.replace(/^http/, "ws");
  try {
    const address = new URL(url, base);
    address.hash = ""; // a WebSocket takes none
    if (/^wss?:/.test(address.href)) return address.href;
  } catch {
    // neither absolute, nor is there anything to be relative to
  }
  throw new RoomcastError("bad_url", `Give an address that begins with ws: or wss:, not "${url}".`);
}
