// A real server in a process of its own, and a network between it and a client that does what a test says.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as dial, createServer } from "node:net";
import { fileURLToPath } from "node:url";

export const ROOMCAST = fileURLToPath(new URL("../../../roomcast", import.meta.url));

/** Servers that run: whatever becomes of a test, none of them stays behind. */
const running = new Set();
process.on("exit", () => {
  for (const server of running) server.kill("SIGKILL");
});
for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]]) process.once(signal, () => process.exit(code));

/** Options are settings of docs/configuration.md. */
export async function startServer(settings = {}) {
  const flags = Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const server = spawn(ROOMCAST, ["--port", "0", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  running.add(server);
  server.on("exit", () => running.delete(server));
  let said = "";
  const address = new Promise((resolve, reject) => {
    const read = (data) => {
      said += data;
      const greeting = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said);
      if (greeting) resolve(Number(greeting[1]));
    };
    server.stdout.on("data", read);
    server.stderr.on("data", (data) => (said += data));
    server.on("exit", () => reject(new Error(`The server ended without a greeting: ${said}`)));
  });
  const ended = once(server, "exit");
  return {
    port: await address,
    get url() {
      return address.then((at) => `ws://127.0.0.1:${at}/ws`);
    },
    async stop(signal = "SIGTERM") {
      server.kill(signal);
      await ended;
    },
    /** It does nothing any more, and keeps its connections. */
    standStill: () => server.kill("SIGSTOP"),
    goOn: () => server.kill("SIGCONT"),
  };
}

/** Passes bytes on to a server, until it is told otherwise. */
export class Network {
  #server;
  #pairs = new Set();
  #target;
  /** Nothing passes, and nobody is told. */
  isStalled = false;
  /** What the server says does not arrive. */
  isDeaf = false;
  delayMs = 0;
  /** Where clients connect to. */
  url;

  static async to(port) {
    const network = new Network();
    network.#target = port;
    network.#server = createServer((near) => network.#accept(near));
    network.#server.listen(0, "127.0.0.1");
    await once(network.#server, "listening");
    network.url = `ws://127.0.0.1:${network.#server.address().port}/ws`;
    return network;
  }

  /** Connections to come go there. */
  leadTo(port) {
    this.#target = port;
  }

  /** Connections end without a goodbye. */
  cut() {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  async close() {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(near) {
    const far = dial(this.#target, "127.0.0.1");
    const pair = [near, far];
    for (const socket of pair) socket.setNoDelay(); // a network does not wait for more, as a socket does by itself
    this.#pairs.add(pair);
    const pass = (from, to, isBlocked) => {
      from.on("data", (data) => {
        const write = () => isBlocked() || to.destroyed || to.write(data);
        if (this.delayMs > 0) setTimeout(write, this.delayMs);
        else write();
      });
      from.on("error", () => {});
      from.on("close", () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    };
    pass(near, far, () => this.isStalled);
    pass(far, near, () => this.isStalled || this.isDeaf);
  }
}
