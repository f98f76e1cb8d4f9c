// Prints what each page loads first, compressed, and fails when one is over its budget.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { closureOf, DIST, ENTRY, readManifest, routesOf } from "./chunks.mjs";

const KIB = 1024;
/** First load of JavaScript and CSS in KiB of gzip: the entry plus the chunks of one route. */
const BUDGET = { route: 200, css: 20 };

const manifest = readManifest();
const size = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;

/** What `keys` and all they import weigh. */
function weigh(keys) {
  const { js, css } = closureOf(manifest, keys);
  const sum = (files) => [...files].reduce((total, file) => total + size(file), 0) / KIB;
  return { js: sum(js), css: sum(css), files: js.size };
}

const rows = [
  { page: "entry", ...weigh([ENTRY]) },
  ...routesOf(manifest).map(({ route, keys }) => ({ page: route, ...weigh([ENTRY, ...keys]) })),
];

console.log("first load, KiB gzip     js   css  files");
let over = false;
for (const { page, js, css, files } of rows) {
  const fault = js > BUDGET.route || css > BUDGET.css;
  over ||= fault;
  const columns = [
    page.padEnd(20),
    js.toFixed(1).padStart(7),
    css.toFixed(1).padStart(5),
    String(files).padStart(6),
  ];
  console.log(`${columns.join(" ")}${fault ? "  over budget" : ""}`);
}

const landing = readFileSync(join(DIST, "index.html"), "utf8");
if (/<script(?![^>]*application\/ld\+json)/.test(landing)) {
  console.error("the landing page must work without JavaScript");
  over = true;
}
for (const page of ["index.html", "app.html"]) {
  const html = readFileSync(join(DIST, page), "utf8");
  if (/<script(?![^>]*(\ssrc=|application\/ld\+json))|<style|\son\w+=|\sstyle=/.test(html)) {
    console.error(`${page}: inline script or style; the content policy refuses it`);
    over = true;
  }
}
if (over) process.exit(1);
// The list of chunks is for this table alone, not for visitors.
rmSync(join(DIST, ".vite"), { recursive: true });
