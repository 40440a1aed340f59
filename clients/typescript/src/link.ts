import type { Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";
import { type Frame, readFrame } from "./frames.js";
import { exceeds } from "./json.js";
import type { Settings, WebSocketConstructor, WebSocketLike } from "./options.js";
import type { Timers } from "./timers.js";

export const SUBPROTOCOL = "roomcast.v1.json";
const OPEN = 1;
const CLOSED = 3;
/** What WebSocket says where no close frame came. */
export const NO_CLOSE_FRAME = 1006;

/** Whoever uses a link hears this from it. */
export interface LinkOwner {
  linkOpened(): void;
  frameCame(frame: Frame): void;
  /** The text of every frame as it goes over the wire. */
  textPassed(direction: "in" | "out", text: string): void;
  /** Once, unless the owner closed it. */
  linkEnded(code: number, reason: string, error?: RoomcastError): void;
}

/** One WebSocket from its opening to its end, and its heartbeat. */
export class Link {
  readonly #socket: WebSocketLike;
  readonly #owner: LinkOwner;
  readonly #timers: Timers;
  readonly #settings: Settings;
  #heartbeatMs: number;
  #heardAt = 0;
  /** How many frames have come: whether any has since a certain instant. */
  #heard = 0;
  #pinged = false;
  /** Nothing of the socket is listened to any more. */
  #detached = false;
  #timer: Off;
  #wakeTimer: Off | undefined;
  /** When the server's greeting came; undefined before. */
  welcomedAt: number | undefined;

  constructor(url: string, Socket: WebSocketConstructor, owner: LinkOwner, timers: Timers, settings: Settings) {
    this.#owner = owner;
    this.#timers = timers;
    this.#settings = settings;
    this.#heartbeatMs = settings.heartbeatMs;
    this.#socket = new Socket(url, SUBPROTOCOL);
    this.#socket.onopen = () => owner.linkOpened();
    this.#socket.onmessage = (event: { data: unknown }) => this.#receive(event.data);
    this.#socket.onclose = (event: { code: number; reason: string }) => this.#lose(event.code, event.reason);
    this.#socket.onerror = () => {}; // `onclose` follows; without a listener `ws` would throw
    this.#timer = timers.after(settings.connectTimeoutMs, () => this.drop("no welcome came"));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === OPEN;
  }

  /** Whether the socket has been given far more than it could pass on. */
  get isCongested(): boolean {
    return this.#socket.bufferedAmount > this.#settings.maxFrameBytes;
  }

  send(text: string): void {
    this.#socket.send(text);
    this.#owner.textPassed("out", text);
  }

  /** The owner has found the greeting in order. */
  welcome(heartbeatMs: unknown): void {
    this.welcomedAt = this.#timers.now();
    if (typeof heartbeatMs === "number" && heartbeatMs > 0) this.#heartbeatMs = heartbeatMs;
    this.#timer();
    this.#timer = this.#timers.after(this.#heartbeatMs, () => this.#beat());
  }

  /** The machine may have slept, or changed its network: the server has to show that it is still there. */
  probe(): void {
    if (this.welcomedAt === undefined || !this.isOpen) return;
    const heard = this.#heard;
    this.send('{"type":"ping"}');
    this.#wakeTimer?.();
    this.#wakeTimer = this.#timers.after(this.#settings.wakeTimeoutMs, () => {
      if (this.#heard === heard) this.drop("no sign of life after a sleep");
    });
  }

  /** Says goodbye, so that the server takes me out of my rooms at once; waits for its answer, but not for long. */
  close(): Promise<void> {
    this.#detach();
    if (this.#socket.readyState === CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#timers.after(this.#settings.closeTimeoutMs, () => {
        this.#socket.onclose = null;
        this.#socket.terminate?.();
        resolve();
      });
      this.#socket.onclose = () => {
        cancel();
        this.#socket.onclose = null;
        resolve();
      };
      this.#socket.close(1000);
    });
  }

  /** Gives the socket up without waiting: a dead network answers no closing handshake for a minute. */
  drop(reason: string, error?: RoomcastError): void {
    this.#detach();
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
    this.#owner.linkEnded(NO_CLOSE_FRAME, reason, error);
  }

  #lose(code: number, reason: string): void {
    this.#detach();
    this.#owner.linkEnded(code, reason);
  }

  #detach(): void {
    this.#detached = true;
    this.#timer();
    this.#wakeTimer?.();
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
  }

  #receive(data: unknown): void {
    this.#heardAt = this.#timers.now();
    this.#heard++;
    this.#pinged = false;
    if (typeof data !== "string") return this.#refuse("a binary message");
    if (exceeds(data, this.#settings.maxFrameBytes)) return this.#refuse("a frame larger than maxFrameBytes");
    this.#owner.textPassed("in", data);
    if (this.#detached) return; // whoever saw the text has ended this
    const frame = readFrame(data);
    if (frame === undefined) return this.#refuse("what is no frame of Roomcast");
    try {
      this.#owner.frameCame(frame);
    } catch (cause) {
      this.#refuse("a frame whose fields make no sense", cause);
    }
  }

  #refuse(what: string, cause?: unknown): void {
    if (this.#detached) return;
    const message = `The server sent ${what}: is this the address of a Roomcast server? The client connects again.`;
    this.drop("bad frame", new RoomcastError("bad_frame", message, { cause }));
  }

  /** Silent for a heartbeat: ask. Silent for another one after that: gone. */
  #beat(): void {
    const silentMs = this.#timers.now() - this.#heardAt;
    let nextMs = this.#heartbeatMs;
    if (silentMs < this.#heartbeatMs) {
      nextMs -= silentMs;
    } else if (this.#pinged) {
      return this.drop("nothing came for two heartbeats");
    } else {
      this.#pinged = true;
      if (this.isOpen) this.send('{"type":"ping"}');
    }
    this.#timer = this.#timers.after(nextMs, () => this.#beat());
  }
}
