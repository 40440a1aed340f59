/**
 * Roomcast in the browser: rooms over a WebSocket, without dependencies. The server has this script at /roomcast.js.
 *
 *     <script src="http://localhost:8080/roomcast.js"></script>
 *
 *     const client = roomcast.connect();
 *     const room = await client.join("lobby", { member: { name: "Ada" }, members: true });
 *     room.on("message", ({ from, data }) => console.log(room.members.get(from)?.member, data));
 *     await room.publish({ text: "Hello" });
 *     room.state.subscribe("score", (score) => console.log(score));
 *     await room.update({ add: { score: 1 } });
 *
 * A connection that breaks comes back by itself and goes on where it stood: the others do not see it go, what was missed
 * comes in order and once, and what was published meanwhile is published once. What it does in full is docs/clients.md, and
 * what goes over the wire PROTOCOL.md. Names that are marked @internal may change at any time.
 */

import type { Client } from "./client.js";
import { connect } from "./connect.js";
import { RoomcastError } from "./errors.js";
import { Line } from "./line.js";
import type { ConnectOptions } from "./options.js";

const script = document.currentScript as HTMLScriptElement | null;
const base = script?.src || location.href;

/** Without an address it is "ws" next to where this script came from. */
function connectFromHere(url: string | URL = besideScript(), options: ConnectOptions = {}): Client {
  return connect(url, options);
}

function besideScript(): string {
  const address = new URL("ws", base);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

Object.assign(globalThis, { roomcast: Object.freeze({ connect: connectFromHere, Line, RoomcastError }) });
