/** As much of a WebSocket as is needed: that of a browser, of Node, or of the package `ws`. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: any;
  onmessage: any;
  onclose: any;
  onerror: any;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  terminate?(): void;
}

export type WebSocketConstructor = new (url: string, protocols: string) => WebSocketLike;

/** Options of `connect`; each has a default. Times are milliseconds. */
export interface ConnectOptions {
  /** For a runtime that has none of its own, such as Node before 22: that of the package `ws`. */
  WebSocket?: WebSocketConstructor;
  /** `false`: to the others I am gone as soon as my connection is. */
  session?: boolean;
  /** What is sent as `auth`; a function is called before each connection, and again before the token expires. */
  token?: string | (() => string | Promise<string>);
  /** Closes the client when it is aborted. */
  signal?: AbortSignal;
  /** Within which a connection has to be greeted by the server. Default 10,000. */
  connectTimeoutMs?: number;
  /** The first step of the back-off. Default 100. */
  backOffMs?: number;
  /** Its cap. Default 20,000. */
  backOffMaxMs?: number;
  /** A connection that has held for so long starts the back-off anew. Default 5,000. */
  stableMs?: number;
  /** Used until the server has said its own. Default 25,000. */
  heartbeatMs?: number;
  /** In which a connection has to show that it has lived through a sleep of the machine. Default 2,000. */
  wakeTimeoutMs?: number;
  /** How long a request may take, 0 for ever. Default 10,000. */
  requestTimeoutMs?: number;
  /** How long a publish may take, waiting for a connection included; 0 for ever. Default 60,000. */
  publishTimeoutMs?: number;
  /** How many publishes may wait for a connection. Default 1,000. */
  queueMessages?: number;
  /** How many bytes of JSON they may have. Default 1,048,576. */
  queueBytes?: number;
  /** How many messages an iterator may be behind. Default 10,000. */
  bufferMessages?: number;
  /** The largest frame taken from a server. Default 16,777,216. */
  maxFrameBytes?: number;
  /** How long `close` waits for the server. Default 1,000. */
  closeTimeoutMs?: number;
  /** Takes the place of Math.random in the back-off. */
  random?: () => number;
}

export type Settings = Required<Omit<ConnectOptions, "token" | "signal">> & Pick<ConnectOptions, "token" | "signal">;

export const DEFAULTS: Omit<Settings, "WebSocket"> = {
  session: true,
  connectTimeoutMs: 10_000,
  backOffMs: 100,
  backOffMaxMs: 20_000,
  stableMs: 5_000,
  heartbeatMs: 25_000,
  wakeTimeoutMs: 2_000,
  requestTimeoutMs: 10_000,
  publishTimeoutMs: 60_000,
  queueMessages: 1_000,
  queueBytes: 1_048_576,
  bufferMessages: 10_000,
  maxFrameBytes: 16_777_216,
  closeTimeoutMs: 1_000,
  random: Math.random,
};
