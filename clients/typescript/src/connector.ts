import { Emitter, listen, type Off } from "./emitter.js";
import { RoomcastError } from "./errors.js";
import type { Frame } from "./frames.js";
import { Link, NO_CLOSE_FRAME } from "./link.js";
import { type ConnectOptions, DEFAULTS, type Settings, type WebSocketConstructor } from "./options.js";
import { attempt } from "./request.js";
import { now, Timers } from "./timers.js";
import type { ClientEvents, ClientStatus } from "./types.js";

/** A server's wish to be left alone counts up to here. */
const LONGEST_RETRY_AFTER_MS = 300_000;
const PROTOCOL = 1;
/** How often it is looked whether the machine has slept, and how late that has to come. */
const WATCH_MS = 5_000;
/** PROTOCOL.md, Close codes: after these nobody is to connect again by itself. */
const FINAL_CODE = /^(100[023789]|4[5-9]..)$/;

/** Keeps a connection (it is the owner of a `Link`), one after the other, until it is closed or the server says that it is final. */
export abstract class Connector extends Emitter<ClientEvents> {
  /** Where it connects to. */
  declare readonly url: string;
  /** @internal */
  declare readonly settings: Settings;
  /** @internal */
  readonly timers = new Timers();
  /** @internal Why nothing goes any more. */
  declare closedBy: RoomcastError | undefined;
  #status: ClientStatus = "connecting";
  #link: Link | undefined;
  /** What `auth` on the present connection is to say. */
  #linkToken: string | undefined;
  /** Attempts since a connection has last held: the exponent of the back-off. */
  #attempt = 0;
  /** What `closing` has asked for. */
  #retryAfterMs: number | undefined;
  #retry: Off | undefined;
  /** Counts connections and their ends, so that a token for one that is over is not used. */
  #turn = 0;
  #closing: Promise<void> | undefined;
  readonly #globalListeners: readonly Off[];

  /** @internal */
  constructor(url: string, WebSocket: WebSocketConstructor, options: ConnectOptions) {
    super();
    this.url = url;
    this.settings = { ...DEFAULTS, ...options, WebSocket };
    this.#globalListeners = [
      listen(globalThis, "online", () => this.#hurry()),
      // Who closes the page is gone at once, and not only after the grace. If the browser shows it again, it comes back.
      listen(globalThis, "pagehide", () => this.#link?.close().then(() => this.linkEnded(NO_CLOSE_FRAME, "page hidden"))),
      listen(options.signal, "abort", () => this.close()),
    ];
    this.#watch();
  }

  get status(): ClientStatus {
    return this.#status;
  }

  /** Leaves all rooms and ends the connection for good. What waits fails with `closed`. Nothing is left behind. */
  close(): Promise<void> {
    if (!this.closedBy) this.#closing = this.#stop(new RoomcastError("closed", "The client was closed: connect anew."), false);
    return this.#closing ?? Promise.resolve();
  }

  /** @internal */
  protected start(): void {
    this.#retry?.();
    this.#retry = undefined;
    const turn = ++this.#turn;
    if (this.settings.token === undefined) return this.#open();
    this.nextToken().then(
      (token) => turn === this.#turn && this.#open(token),
      (error) => turn === this.#turn && this.linkEnded(NO_CLOSE_FRAME, "no token", error),
    );
  }

  /** @internal The server has greeted: a connection takes frames. */
  protected abstract opened(welcome: Frame, token: string | undefined): void;
  /** @internal */
  protected abstract take(frame: Frame): void;
  /** @internal There is no connection; `closeCode` is that of the last one. */
  protected abstract lost(closeCode: number): void;
  /** @internal For good. `isFault`: nobody asked for it. */
  protected abstract ended(error: RoomcastError, isFault: boolean): void;

  /** @internal */
  get isOpen(): boolean {
    return !!this.#link?.isOpen;
  }

  /** @internal */
  get isCongested(): boolean {
    return !!this.#link?.isCongested;
  }

  /** @internal */
  sendText(text: string): void {
    if (this.isOpen) this.#link?.send(text);
  }

  /** @internal */
  frameCame(frame: Frame): void {
    if (frame.type === "welcome") {
      if (this.isOpen) return; // once is enough
      if (frame["protocol"] !== PROTOCOL) {
        return this.end("unsupported_protocol", `The server speaks protocol ${frame["protocol"]}: use its client.`);
      }
      this.#link?.welcome(frame["heartbeatMs"]);
      this.opened(frame, this.#linkToken);
      this.#setStatus("connected");
    } else if (frame.type === "closing") {
      this.#retryAfterMs = Math.min(frame["retryAfterMs"] ?? 0, LONGEST_RETRY_AFTER_MS);
    } else {
      this.take(frame);
    }
  }

  /** @internal */
  textPassed(direction: "in" | "out", text: string): void {
    this.emit("frame", { direction, text });
  }

  /** @internal */
  linkEnded(closeCode: number, reason: string, error?: RoomcastError): void {
    const { timers, settings } = this;
    const welcomedAt = this.#link?.welcomedAt ?? Infinity;
    this.#link = undefined;
    this.#turn++;
    if (now() - welcomedAt >= settings.stableMs) this.#attempt = 0;
    this.lost(closeCode);
    if (error) this.emit("error", error);
    if (FINAL_CODE.test(closeCode as unknown as string)) this.end("closed", `The server closed for good: ${closeCode} ${reason}.`, closeCode);
    if (this.#status === "connected") this.#setStatus("reconnecting");
    if (this.closedBy || this.#link || this.#retry) return; // the end, or a listener was faster
    const backOffMs = settings.random() * Math.min(settings.backOffMaxMs, settings.backOffMs * 2 ** this.#attempt++);
    const retryInMs = this.#retryAfterMs ?? backOffMs;
    this.#retryAfterMs = undefined;
    this.#retry = timers.later(retryInMs, () => this.start());
    this.emit("retry", { closeCode, reason, retryInMs });
  }

  /** @internal A token of the user's, or an error of code `token`. */
  protected nextToken(): Promise<string> {
    const { timers, settings: { token, connectTimeoutMs } } = this;
    return new Promise((resolve, reject) => {
      const fail = (cause?: unknown) =>
        reject(new RoomcastError("token", `The token provider has to give a string in time. ${cause ?? ""}`, { cause }));
      const cancel = timers.later(connectTimeoutMs, fail);
      attempt(async () => (typeof token === "function" ? token() : token as string))
        .then((given) => (typeof given === "string" ? resolve(given) : fail()), fail)
        .finally(cancel);
    });
  }

  /** @internal The client cannot go on. */
  protected end(code: string, message: string, closeCode?: number, cause?: unknown): void {
    if (!this.closedBy) this.#stop(new RoomcastError(code, message, { closeCode, cause }), true);
  }

  #open(token?: string): void {
    this.#linkToken = token;
    try {
      this.#link = new Link(this.url, this);
    } catch (cause) {
      this.end("bad_url", `The WebSocket refuses ${this.url}. ${cause}`, undefined, cause);
    }
  }

  /** The network is back, or the machine is awake: no need to sit out the rest of a wait. */
  #hurry(): void {
    this.#link?.probe();
    if (this.#retry) this.start();
  }

  #setStatus(status: ClientStatus): void {
    if (this.#status === status || this.closedBy) return;
    this.#status = status;
    this.emit("status", { status });
  }

  #stop(error: RoomcastError, isFault: boolean): Promise<void> | undefined {
    const link = this.#link;
    this.closedBy = error;
    this.#status = "closed";
    this.#link = undefined;
    this.#turn++;
    for (const off of this.#globalListeners) off();
    this.ended(error, isFault);
    this.timers.stop();
    const closing = link?.close();
    const { closeCode } = error;
    this.emit("status", { status: "closed", ...(isFault && { error }), ...(closeCode && { closeCode }) });
    return closing;
  }

  /** A timer that comes late by the wall clock has slept with the machine. */
  #watch(): void {
    const late = Date.now() + 2 * WATCH_MS;
    this.timers.later(WATCH_MS, () => {
      this.#watch(); // first, as the rest may be the end of the client
      if (Date.now() >= late) this.#hurry();
    });
  }
}
