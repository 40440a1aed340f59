/**
 * Rooms over a WebSocket, for browsers and Node. What it does is docs/clients.md, what goes over the wire PROTOCOL.md.
 */
export type { Client } from "./client.js";
export { connect } from "./connect.js";
export type { Off } from "./emitter.js";
export { type CurrentValue, type ErrorCode, type ErrorDetail, RoomcastError } from "./errors.js";
export type { ConnectOptions, WebSocketConstructor, WebSocketLike } from "./options.js";
export type { Room } from "./room.js";
export type { RoomState } from "./state.js";
export type * from "./types.js";
