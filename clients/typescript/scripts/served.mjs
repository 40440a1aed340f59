// What the server serves at /roomcast.js stands in its resources, so that ./roomcast needs no Node. Checks that it is what the
// sources give; with --write it writes it.
import { readFileSync, writeFileSync } from "node:fs";

const made = readFileSync(new URL("../dist/roomcast.js", import.meta.url), "utf8");
const served = new URL("../../../roomcast-server/src/main/resources/io/roomcast/server/web/roomcast.js", import.meta.url);

if (process.argv.includes("--write")) writeFileSync(served, made);
if (readFileSync(served, "utf8") !== made) {
  console.error("The server's roomcast.js is not what clients/typescript makes: run npm run build && npm run served.");
  process.exit(1);
}
