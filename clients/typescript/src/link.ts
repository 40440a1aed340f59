import type { Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";
import { type Frame, readFrame } from "./frames.js";
import { exceeds } from "./json.js";
import type { Settings, WebSocketLike } from "./options.js";
import { now, type Timers } from "./timers.js";

const SUBPROTOCOL = "roomcast.v1.json";
const PING = '{"type":"ping"}';
const OPEN = 1;
export const CLOSED = 3;
/** What WebSocket says where no close frame came. */
export const NO_CLOSE_FRAME = 1006;

/** Whoever uses a link hears this from it. */
export interface LinkOwner {
  readonly settings: Settings;
  readonly timers: Timers;
  frameCame(frame: Frame): void;
  /** The text of every frame as it goes over the wire. */
  textPassed(direction: "in" | "out", text: string): void;
  /** Once, unless the owner closed it. */
  linkEnded(closeCode: number, reason: string, error?: RoomcastError): void;
}

/** One WebSocket from its opening to its end, and its heartbeat. */
export class Link {
  readonly #socket: WebSocketLike;
  readonly #owner: LinkOwner;
  #heartbeatMs: number;
  #heardAt = 0;
  /** How many frames have come: whether any has since a certain instant. */
  #heard = 0;
  /** `heard` when the server was last asked whether it is there. */
  #asked = -1;
  #isOver = false;
  #timer: Off;
  /** When the server's greeting came; undefined before. */
  declare welcomedAt: number | undefined;

  constructor(url: string, owner: LinkOwner) {
    const { connectTimeoutMs, heartbeatMs, WebSocket } = owner.settings;
    this.#owner = owner;
    this.#heartbeatMs = heartbeatMs;
    const socket = new WebSocket(url, SUBPROTOCOL);
    this.#socket = socket;
    socket.onmessage = (event: { data: unknown }) => this.#receive(event.data);
    socket.onclose = (event: { code: number; reason: string }) => this.drop(event.reason, undefined, event.code);
    socket.onerror = () => {}; // `onclose` follows; without a listener `ws` would throw
    this.#timer = owner.timers.later(connectTimeoutMs, () => this.drop("no welcome"));
  }

  /** Whether frames can be sent: not before the server has shown that it is one of Roomcast. */
  get isOpen(): boolean {
    return this.welcomedAt !== undefined && this.#socket.readyState === OPEN;
  }

  /** Whether the socket has been given far more than it could pass on. */
  get isCongested(): boolean {
    return this.#socket.bufferedAmount > this.#owner.settings.maxFrameBytes;
  }

  send(text: string): void {
    this.#socket.send(text);
    this.#owner.textPassed("out", text);
  }

  /** The owner has found the greeting in order. */
  welcome(heartbeatMs: unknown): void {
    this.welcomedAt = now();
    this.#heartbeatMs = Number(heartbeatMs) || this.#heartbeatMs;
    this.#beatIn(this.#heartbeatMs);
  }

  /** The machine may have slept, or changed its network: the server has to show that it is still there. */
  probe(): void {
    if (this.isOpen) this.#ask(this.#owner.settings.wakeTimeoutMs);
  }

  /** Says goodbye, so that the server takes me out of my rooms at once; waits for its answer, but not for long. */
  close(): Promise<void> {
    this.#detach();
    const socket = this.#socket;
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        socket.onclose = null;
        this.#giveUp();
        resolve();
      };
      const cancel = this.#owner.timers.later(this.#owner.settings.closeTimeoutMs, end);
      socket.onclose = end;
      // A browser complains of whoever closes what is not open yet.
      const goodbye = () => socket.close(1000);
      socket.onopen = goodbye;
      if (socket.readyState) goodbye();
      if (socket.readyState === CLOSED) end();
    });
  }

  /** Gives the socket up without waiting: a dead network answers no closing handshake for a minute. */
  drop(reason: string, error?: RoomcastError, closeCode = NO_CLOSE_FRAME): void {
    if (this.#isOver) return;
    this.#detach();
    this.#giveUp();
    this.#owner.linkEnded(closeCode, reason, error);
  }

  #giveUp(): void {
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
  }

  #detach(): void {
    this.#isOver = true;
    this.#timer();
    this.#socket.onmessage = this.#socket.onclose = null;
  }

  #receive(data: unknown): void {
    this.#heardAt = now();
    this.#heard++;
    if (typeof data !== "string" || exceeds(data, this.#owner.settings.maxFrameBytes)) {
      return this.#refuse("is binary, or over maxFrameBytes");
    }
    this.#owner.textPassed("in", data);
    if (this.#isOver) return; // whoever saw the text has ended this
    try {
      this.#owner.frameCame(readFrame(data));
    } catch (cause) {
      this.#refuse("makes no sense", cause);
    }
  }

  #refuse(why: string, cause?: unknown): void {
    this.drop("bad frame", new RoomcastError("bad_frame", `A frame ${why}: is this a Roomcast server?`, { cause }));
  }

  #ask(answerMs: number): void {
    this.#asked = this.#heard;
    this.#beatIn(answerMs); // first, as whoever sees the text may end this
    this.send(PING);
  }

  #beatIn(ms: number): void {
    this.#timer();
    this.#timer = this.#owner.timers.later(ms, () => this.#beat());
  }

  /** Silent for a heartbeat: ask. Silent for another one after that: gone. */
  #beat(): void {
    const leftMs = this.#heardAt + this.#heartbeatMs - now();
    if (this.#asked === this.#heard) this.drop("silent");
    else if (leftMs > 0) this.#beatIn(leftMs);
    else this.#ask(this.#heartbeatMs);
  }
}
