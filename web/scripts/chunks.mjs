// Which built files a page needs before it can run, from Vite's manifest.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const DIST = new URL("../dist", import.meta.url).pathname;
export const ENTRY = "app.html";
const FRAME = "_studio";

export const readManifest = () =>
  JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));

/** The chunks that `keys` stand for and their static imports. */
export function closureOf(manifest, keys) {
  const seen = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    for (const next of chunk.imports ?? []) visit(next);
  };
  keys.forEach(visit);
  const chunks = [...seen].map((key) => manifest[key]);
  return {
    js: new Set(chunks.map(({ file }) => file).filter((file) => file.endsWith(".js"))),
    css: new Set(chunks.flatMap(({ css }) => css ?? [])),
  };
}

/** The routes with a page: their names as under src/routes, and what is loaded for each beside the entry. */
export function routesOf(manifest) {
  const name = (key) => key.match(/^src\/routes\/(.+)\.tsx\?tsr-split=component$/)?.[1];
  const keys = Object.keys(manifest).filter(name).sort();
  const frame = keys.filter((key) => name(key) === FRAME);
  return keys
    .filter((key) => name(key) !== FRAME)
    .map((key) => ({
      route: name(key),
      keys: name(key).startsWith(`${FRAME}/`) ? [...frame, key] : [key],
    }));
}
