// The library has to stay small: minified and compressed, as a page loads it.
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const MOST_BYTES = 7 * 1024;
const code = readFileSync(new URL("../dist/index.js", import.meta.url), "utf8").replace(/\n\/\/# sourceMappingURL.*\n/, "");
const bytes = brotliCompressSync(code).length;
console.log(`@roomcast/client: ${bytes} bytes as minified brotli, at most ${MOST_BYTES}`);
if (bytes > MOST_BYTES) {
  console.error("It has grown too large: take something out, or say in the change why it is worth more.");
  process.exit(1);
}
