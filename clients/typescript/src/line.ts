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
    const line = this;
    this.WebSocket = class extends (Base as unknown as typeof WebSocket) {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        const socket = this as unknown as WebSocketLike;
        line.#sockets.add(socket);
        this.addEventListener("close", () => line.#sockets.delete(socket));
        if (line.#isCut) end(socket);
      }
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
}

/** Without a code: to the server it is no goodbye. */
function end(socket: WebSocketLike): void {
  if (socket.terminate) socket.terminate();
  else socket.close();
}
