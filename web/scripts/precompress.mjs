// Writes a .br and a .gz beside every text file of dist/, so that the server only has to pick one.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("../dist", import.meta.url).pathname;
const TEXT = /\.(css|html|js|json|svg|txt|webmanifest|xml)$/;

let files = 0;
for (const name of readdirSync(DIST, { recursive: true })) {
  const path = join(DIST, name);
  if (!TEXT.test(path) || !statSync(path).isFile()) continue;
  const bytes = readFileSync(path);
  if (bytes.length < 512) continue;
  const options = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, options));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  files += 1;
}
console.log(`precompressed ${files} files`);
