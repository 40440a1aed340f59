import { CLOSED } from "./link.js";
import type { WebSocketConstructor, WebSocketLike } from "./options.js";

/**
 * A network to try breaks on: connections made with its `WebSocket` end when it is cut, and none is made until it is
 * mended.
 *
 *     const line = new Line();
 *     const client = connect(url, { WebSocket: line.WebSocket });
 *     line.cut();
 */
export class Line {
  readonly WebSocket: WebSocketConstructor;
  #isCut = false;
  readonly #sockets = new Set<WebSocketLike>();

  /** On top of the runtime's WebSocket, or of the one that is given. */
  constructor(Base: WebSocketConstructor = globalThis.WebSocket as unknown as WebSocketConstructor) {
    const open = (url: string, protocols: string) => (this.#isCut ? new DeadSocket() : this.#keep(new Base(url, protocols)));
    // What this returns takes the place of what `new` has made.
    this.WebSocket = function (url: string, protocols: string) {
      return open(url, protocols);
    } as unknown as WebSocketConstructor;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) end(socket);
  }

  /** Clients notice when they try again; in a browser at once. */
  mend(): void {
    this.#isCut = false;
    globalThis.dispatchEvent?.(new Event("online"));
  }

  #keep(socket: WebSocketLike): WebSocketLike {
    for (const earlier of this.#sockets) if (earlier.readyState === CLOSED) this.#sockets.delete(earlier);
    this.#sockets.add(socket);
    return socket;
  }
}

/** What comes of trying to connect where there is no network. Nothing is tried, so that no console complains. */
class DeadSocket implements WebSocketLike {
  readonly readyState = CLOSED;
  readonly bufferedAmount = 0;
  onopen = null;
  onmessage = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror = null;

  constructor() {
    setTimeout(() => this.onclose?.({ code: 1006, reason: "cut" }), 0);
  }

  send(): void {}

  close(): void {}
}

/** Without a code: to the server it is no goodbye. */
function end(socket: WebSocketLike): void {
  if (socket.terminate) socket.terminate();
  else socket.close();
}
