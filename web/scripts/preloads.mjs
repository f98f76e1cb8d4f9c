// Writes dist/preloads.json: what the server tells a browser to fetch along with the one page that answers for all addresses.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { closureOf, DIST, ENTRY, readManifest, routesOf } from "./chunks.mjs";

/** The first requests of a page for someone signed in, letter by letter as the studio sends them. */
export const SESSION = "/api/auth/me";
export const LISTS = { "_studio/images.index": ["/api/images?limit=60&count=true"] };

/** "_studio/images.$id" → "/app/images/*"; none for the page that stands for all others. */
export function addressOf(route) {
  const parts = route
    .split(/[/.]/)
    .filter((part) => part !== "index" && !(part.startsWith("_") && part !== "_"));
  if (parts.at(-1) === "$") return undefined;
  return ["/app", ...parts.map((part) => (part.startsWith("$") ? "*" : part))].join("/");
}

/** By address: the scripts that app.html does not name itself, and the data of its first screen. */
export function preloadsOf(manifest) {
  const entry = closureOf(manifest, [ENTRY]).js;
  const preloads = {};
  for (const { route, keys } of routesOf(manifest)) {
    const address = addressOf(route);
    if (!address) continue;
    const { js } = closureOf(manifest, keys);
    preloads[address] = {
      scripts: [...js].filter((file) => !entry.has(file)).map((file) => `/${file}`),
      session: [SESSION],
      lists: LISTS[route] ?? [],
    };
  }
  // The bare address leads on to the first page.
  preloads["/app"] = preloads["/app/generate"];
  return preloads;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const preloads = preloadsOf(readManifest());
  writeFileSync(join(DIST, "preloads.json"), JSON.stringify(preloads));
  console.log(`preloads for ${Object.keys(preloads).length} addresses`);
}
