// Serves one example to browsers: its page, its script bundled anew for each request, and at /ws the server of Roomcast, as a
// proxy in front of both would. node serve.mjs FOLDER PORT ws://localhost:8080/ws
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { basename } from "node:path";
import { build } from "esbuild";

const [folder, port, roomcast] = process.argv.slice(2);
const here = new URL("./", import.meta.url);
const upstream = new URL(roomcast);

const files = {
  "/": ["text/html", `${folder}/index.html`],
  "/style.css": ["text/css", "style.css"],
  "/favicon.ico": ["image/svg+xml", "../roomcast-server/src/main/resources/io/roomcast/server/web/icon.svg"],
  // The script for pages without a bundler, as the server of Roomcast has it.
  "/roomcast.js": ["text/javascript", "../clients/typescript/dist/roomcast.js"],
};

async function bundle() {
  const made = await build({
    absWorkingDir: new URL(folder, here).pathname,
    entryPoints: ["./app"],
    resolveExtensions: [".jsx", ".js"],
    bundle: true,
    format: "esm",
    jsx: "automatic",
    alias: { react: new URL("node_modules/react", here).pathname }, // the clients are links to folders that have one of their own
    sourcemap: "inline",
    write: false,
  });
  return made.outputFiles[0].contents;
}

const pages = createServer(async ({ url }, response) => {
  const path = new URL(url, here).pathname;
  try {
    const [type, file] = files[path] ?? [];
    const body = path === "/app.js" ? await bundle() : file && (await readFile(new URL(file, here)));
    response.writeHead(body ? 200 : 404, { "Content-Type": `${type ?? "text/javascript"}; charset=utf-8`, "Cache-Control": "no-store" });
    response.end(body);
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
});

pages.on("upgrade", ({ method, rawHeaders }, near, head) => {
  const far = connect(Number(upstream.port || 80), upstream.hostname);
  const headers = rawHeaders.map((part, i) => (i % 2 ? `${part}\r\n` : `${part}: `)).join("");
  far.write(`${method} ${upstream.pathname} HTTP/1.1\r\n${headers}\r\n`);
  far.write(head);
  near.pipe(far).pipe(near);
  for (const [one, other] of [[near, far], [far, near]]) one.on("error", () => {}).on("close", () => other.destroy());
});

pages.on("error", ({ message }) => {
  console.error(`${message}\nAnother port: examples/run ${basename(folder)} --port 3001`);
  process.exit(1);
});
pages.listen(Number(port), "localhost", () => {
  console.log(`Open http://localhost:${pages.address().port} in two tabs. Ctrl-C ends it. (Roomcast is at ${roomcast})`);
});
