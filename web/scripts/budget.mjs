// Prints what each page loads first, compressed, and fails when one is over its budget.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const KIB = 1024;
const DIST = new URL("../dist", import.meta.url).pathname;
/** First load of JavaScript and CSS in KiB of gzip: the entry plus the chunks of one route. */
const BUDGET = { route: 200, css: 20 };

const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));
const size = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;

/** The files that `keys` need before they can run: themselves and their static imports. */
function closure(keys) {
  const seen = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    for (const next of chunk.imports ?? []) visit(next);
  };
  keys.forEach(visit);
  const js = new Set(
    [...seen].map((key) => manifest[key].file).filter((file) => file.endsWith(".js")),
  );
  const css = new Set([...seen].flatMap((key) => manifest[key].css ?? []));
  const sum = (files) => [...files].reduce((total, file) => total + size(file), 0) / KIB;
  return { js: sum(js), css: sum(css), files: js.size };
}

const routeOf = (key) => key.match(/^src\/routes\/(.+)\.tsx\?tsr-split=component$/)?.[1];
const layout = Object.keys(manifest).filter((key) => routeOf(key) === "_studio");
const rows = [{ page: "entry", ...closure(["app.html"]) }];
for (const key of Object.keys(manifest).sort()) {
  const route = routeOf(key);
  if (!route || route === "_studio") continue;
  const around = route.startsWith("_studio") ? layout : [];
  rows.push({ page: route, ...closure(["app.html", ...around, key]) });
}

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
