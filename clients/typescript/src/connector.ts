import type { Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";
import type { Frame } from "./frames.js";
import { Link, type LinkOwner, NO_CLOSE_FRAME } from "./link.js";
import type { Settings, WebSocketConstructor } from "./options.js";
import type { Timers } from "./timers.js";
import type { Tokens } from "./token.js";
import type { ClientStatus, RetryEvent } from "./types.js";

/** A server's wish to be left alone counts up to here. */
const LONGEST_RETRY_AFTER_MS = 300_000;
const PROTOCOL = 1;

/** What a connector tells its client. */
export interface ConnectorOwner {
  /** A connection takes frames, though the server has not greeted yet. */
  opened(token: string | undefined): void;
  welcomed(frame: Frame): void;
  frame(frame: Frame): void;
  text(direction: "in" | "out", text: string): void;
  failed(error: RoomcastError): void;
  /** There is no connection; `closeCode` is that of the last one. */
  lost(closeCode: number): void;
  retries(event: RetryEvent): void;
  statusChanged(status: ClientStatus): void;
  /** For good, and not because of `close()`. */
  ended(error: RoomcastError): void;
}

/** Keeps a connection, one after the other, until it is closed or the server says that it is final. */
export class Connector {
  readonly #url: string;
  readonly #Socket: WebSocketConstructor;
  readonly #settings: Settings;
  readonly #timers: Timers;
  readonly #tokens: Tokens | undefined;
  readonly #owner: ConnectorOwner;
  #status: ClientStatus = "connecting";
  #link: Link | undefined;
  /** Attempts since a connection has last held: the exponent of the back-off. */
  #attempt = 0;
  /** What `closing` has asked for. */
  #retryAfterMs: number | undefined;
  #retry: Off | undefined;
  /** Counts attempts, so that a token for one that is over is not used. */
  #turn = 0;
  /** Nothing is tried before `resume()`. */
  #paused = false;

  constructor(
    url: string,
    Socket: WebSocketConstructor,
    settings: Settings,
    timers: Timers,
    tokens: Tokens | undefined,
    owner: ConnectorOwner,
  ) {
    this.#url = url;
    this.#Socket = Socket;
    this.#settings = settings;
    this.#timers = timers;
    this.#tokens = tokens;
    this.#owner = owner;
  }

  get status(): ClientStatus {
    return this.#status;
  }

  get isOpen(): boolean {
    return this.#link?.isOpen === true;
  }

  get isCongested(): boolean {
    return this.#link?.isCongested === true;
  }

  send(text: string): void {
    this.#link?.send(text);
  }

  start(): void {
    const turn = ++this.#turn;
    this.#retry?.();
    this.#retry = undefined;
    if (this.#tokens === undefined) return this.#open();
    this.#tokens.next().then(
      (token) => {
        if (turn === this.#turn) this.#open(token);
      },
      (error) => {
        if (turn !== this.#turn) return;
        this.#owner.failed(error);
        if (turn === this.#turn) this.#again(NO_CLOSE_FRAME, "no token");
      },
    );
  }

  /** The network is back, or the machine is awake: no need to sit out the rest of a wait. */
  hurry(): void {
    if (this.#paused) return;
    if (this.#link !== undefined) this.#link.probe();
    else if (this.#retry !== undefined) this.start();
  }

  /** As if the network were gone, until `resume`; or in good order, so that the server does not wait for me. */
  pause(inGoodOrder: boolean): void {
    if (this.#status === "closed" || this.#paused) return;
    this.#paused = true;
    this.#turn++;
    this.#retry?.();
    this.#retry = undefined;
    const link = this.#link;
    if (link === undefined) return this.#owner.retries({ closeCode: NO_CLOSE_FRAME, reason: "cut" });
    if (!inGoodOrder) return link.drop("cut");
    link.close();
    this.#linkEnded(1001, "the page was left");
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#status !== "closed") this.start();
  }

  /** Ends for good; when the promise is kept, nothing is left of the socket. */
  close(): Promise<void> {
    const link = this.#link;
    this.#stop();
    return link?.close() ?? Promise.resolve();
  }

  #frameCame(frame: Frame): void {
    if (frame.type === "welcome") return this.#welcome(frame);
    if (frame.type === "closing") {
      if (frame["retryAfterMs"] >= 0) this.#retryAfterMs = Math.min(frame["retryAfterMs"], LONGEST_RETRY_AFTER_MS);
      return;
    }
    this.#owner.frame(frame);
  }

  #linkEnded(code: number, reason: string, error?: RoomcastError): void {
    const welcomedAt = this.#link?.welcomedAt;
    this.#link = undefined;
    this.#turn++;
    if (welcomedAt !== undefined && this.#timers.now() - welcomedAt >= this.#settings.stableMs) this.#attempt = 0;
    const turn = this.#turn;
    if (error) this.#owner.failed(error);
    if (turn !== this.#turn) return; // whoever heard of the error has closed the client
    this.#owner.lost(code);
    if (isFinal(code)) return this.end(finalError(code, reason));
    this.#again(code, reason);
  }

  /** The client cannot go on. */
  end(error: RoomcastError): void {
    if (this.#status === "closed") return;
    const link = this.#link;
    this.#stop();
    this.#owner.ended(error);
    link?.close();
  }

  #open(token?: string): void {
    try {
      this.#link = new Link(this.#url, this.#Socket, this.#linkOwner(token), this.#timers, this.#settings);
    } catch (cause) {
      const message = `The WebSocket refuses the address ${this.#url}: look at the cause.`;
      this.end(new RoomcastError("bad_url", message, { cause }));
    }
  }

  #linkOwner(token: string | undefined): LinkOwner {
    return {
      linkOpened: () => this.#owner.opened(token),
      frameCame: (frame) => this.#frameCame(frame),
      textPassed: (direction, text) => this.#owner.text(direction, text),
      linkEnded: (code, reason, error) => this.#linkEnded(code, reason, error),
    };
  }

  #welcome(frame: Frame): void {
    if (frame["protocol"] !== PROTOCOL) {
      const message = `The server speaks protocol ${frame["protocol"]}, this client ${PROTOCOL}: use another version of it.`;
      return this.end(new RoomcastError("unsupported_protocol", message));
    }
    this.#link?.welcome(frame["heartbeatMs"]);
    this.#owner.welcomed(frame);
    this.#setStatus("connected");
  }

  #again(closeCode: number, reason: string): void {
    if (this.#status === "connected") this.#setStatus("reconnecting");
    if ((this.#status as ClientStatus) === "closed" || this.#retry || this.#link) return; // a listener was faster
    if (this.#paused) return this.#owner.retries({ closeCode, reason });
    const { random, backOffMs, backOffMaxMs } = this.#settings;
    const backOff = random() * Math.min(backOffMaxMs, backOffMs * 2 ** this.#attempt++);
    const retryInMs = this.#retryAfterMs ?? backOff;
    this.#retryAfterMs = undefined;
    this.#retry = this.#timers.after(retryInMs, () => this.start());
    this.#owner.retries({ closeCode, reason, retryInMs });
  }

  #setStatus(status: ClientStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#owner.statusChanged(status);
  }

  #stop(): void {
    this.#status = "closed";
    this.#link = undefined;
    this.#turn++;
    this.#retry?.();
    this.#retry = undefined;
  }
}

/** PROTOCOL.md, Close codes: after these nobody is to connect again by itself. */
function isFinal(code: number): boolean {
  return [1000, 1002, 1003, 1007, 1008, 1009].includes(code) || (code >= 4500 && code <= 4999);
}

function finalError(closeCode: number, reason: string): RoomcastError {
  const message = `The server closed the connection for good (${closeCode} ${reason}): find out why before you connect again.`;
  return new RoomcastError("closed", message, { closeCode });
}
