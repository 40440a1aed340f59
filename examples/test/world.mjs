// Examples started as their README says, and people in a real Chromium who use them.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const HERE = fileURLToPath(new URL("..", import.meta.url));

/** How long anything may take on a busy machine before it counts as not happening. */
export const DEADLINE_MS = 20_000;

// Whatever happens to a test, nothing that it started stays behind.
const groups = new Set();
process.on("exit", () => {
  for (const group of groups) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // it has just ended
    }
  }
});
for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]]) process.once(signal, () => process.exit(code));
setTimeout(() => process.exit(1), 180_000).unref(); // all tests of a file have run out of time by then

/** Ends all of it, in this order, also where one of them fails. */
export async function endAll(...ends) {
  const errors = [];
  for (const end of ends) {
    try {
      await end();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** A program in a process group of its own, as a terminal starts it. */
export class Program {
  said = "";
  #process;
  #ended;
  #told = new Set();

  constructor(command, ...flags) {
    this.#process = spawn(command, flags, { cwd: HERE, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    groups.add(this.#process.pid);
    this.#ended = once(this.#process, "close").finally(() => groups.delete(this.#process.pid));
    this.#ended.then(() => this.#tell());
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.said += text;
        this.#tell();
      });
    }
  }

  /** Resolves with the match, as soon as it has said that. */
  async says(pattern) {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      const match = pattern.exec(this.said);
      if (match) return match;
      if (this.#process.exitCode !== null || this.#process.signalCode !== null || deadline.aborted) {
        throw new Error(`It has not said ${pattern}: ${this.said}`);
      }
      await new Promise((resolve) => {
        this.#told.add(resolve);
        deadline.addEventListener("abort", resolve);
      });
    }
  }

  /** Its exit code. */
  async ended() {
    await this.#ended;
    return this.#process.exitCode;
  }

  /** Ctrl-C, which goes to all processes of the group. Fails if one of them is there afterwards. */
  async interrupt() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) process.kill(-this.#process.pid, "SIGINT");
    await this.#ended;
    // Those that have ended and that nobody has asked about yet do not count.
    const all = execFileSync("ps", ["-A", "-o", "pgid=,stat=,args="], { encoding: "utf8" }).split("\n");
    const left = all.filter((line) => new RegExp(`^\\s*${this.#process.pid}\\s+[^Z]`).test(line));
    if (left.length === 0) return;
    process.kill(-this.#process.pid, "SIGKILL");
    throw new Error(`After Ctrl-C there is still: ${left.join("\n")}`);
  }

  #tell() {
    for (const resolve of this.#told) resolve();
    this.#told.clear();
  }
}

/** One command of README.md, on a free port. */
export async function startExample(name, ...flags) {
  const example = new Program("./run", name, "--port", "0", ...flags);
  try {
    example.url = (await example.says(/^Open (http:\S+)/m))[1];
    example.server = /Roomcast is at (ws:\S+)\)/.exec(example.said)?.[1];
    return example;
  } catch (error) {
    await example.interrupt();
    throw error;
  }
}

/** A browser in which each user has a window of its own. */
export class Browser {
  faults = [];
  #browser;

  static async start() {
    const browser = new Browser();
    browser.#browser = await chromium.launch({ executablePath: whereChromiumIs(), args: ["--no-sandbox", "--disable-quic"] });
    return browser;
  }

  async open(url) {
    const page = await this.#browser.newPage({ viewport: { width: 800, height: 600 } });
    page.setDefaultTimeout(DEADLINE_MS);
    page.on("pageerror", (error) => this.faults.push(error));
    await page.goto(url);
    return page;
  }

  async close() {
    await this.#browser.close();
    if (this.faults.length > 0) throw new AggregateError(this.faults, "Errors that nobody caught in a page");
  }
}

function whereChromiumIs() {
  for (const name of ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]) {
    for (const folder of process.env.PATH.split(":")) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
    }
  }
  throw new Error("The tests need Chromium on the PATH. On Debian: apt-get install chromium");
}
