// Who may import whom. Floors: main > routes > app > features > ui, api > lib; the landing stands beside and sees ui and lib.
// Features are ranked as on the server, lowest first; one may import those of a lower rank. A new feature gets its place here.
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { report, sources } from "./sources.mjs";

const FEATURES = [
  ["accounts"],
  ["workspaces"],
  ["api-keys"],
  ["connections"],
  ["preferences", "credits", "prompts", "catalogue"],
  // Lower than on the server, for it is offered on the pages of these.
  ["exports"],
  ["projects"],
  ["library"],
  ["intake"],
  ["collections"],
  ["generation"],
  ["iteration"],
  ["comparisons"],
  ["upkeep"],
  ["batches"],
  ["sharing", "search", "notifications", "webhooks", "activity"],
  ["bridges", "admin"],
];
const FLOORS = {
  main: ["routes", "app", "features", "ui", "api", "lib"],
  routes: ["app", "features", "ui", "api", "lib"],
  app: ["features", "ui", "api", "lib"],
  features: ["ui", "api", "lib"],
  landing: ["ui", "lib"],
  ui: ["lib"],
  api: ["lib"],
  lib: [],
};
const VAGUE = /(^|[/-])(utils?|helpers?|common|misc|manager|shared)([/.-]|$)/;
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g;

/** The room a path under src/ lies in: its floor and, in features, the feature. */
export function roomOf(path) {
  const [first = "", second = ""] = path.replace(/^src\//, "").split("/");
  if (/^(main|route-tree)\b/.test(first)) return { floor: "main", feature: "" };
  return { floor: first, feature: first === "features" ? second : "" };
}

function rankOf(feature) {
  return FEATURES.findIndex((rank) => rank.includes(feature));
}

/** What is wrong with `path` importing `specifier`; undefined when nothing is. */
export function faultOf(path, specifier) {
  const relative = specifier.startsWith(".");
  if (!relative && !specifier.startsWith("@/")) return undefined;
  const target = relative
    ? posix.join(dirname(path), specifier)
    : specifier.replace(/^@\//, "src/");
  const from = roomOf(path);
  const to = roomOf(target);
  const same = from.floor === to.floor && from.feature === to.feature;
  if (same) return undefined;
  if (relative) return `${path}: "${specifier}" leaves its room; across rooms write "@/…".`;
  if (from.floor === "features" && to.floor === "features") {
    const [mine, theirs] = [rankOf(from.feature), rankOf(to.feature)];
    if (theirs < mine) return undefined;
    return `${path}: ${from.feature} may not import ${to.feature}, which is not below it.`;
  }
  if (FLOORS[from.floor]?.includes(to.floor)) return undefined;
  return `${path}: ${from.floor} may not import "${specifier}".`;
}

function faultsIn({ path, text }) {
  const faults = [];
  const { floor, feature } = roomOf(path);
  if (!(floor in FLOORS)) faults.push(`${path}: src/${floor} is no room of the studio.`);
  if (floor === "features" && rankOf(feature) < 0)
    faults.push(`${path}: give "${feature}" a rank in scripts/ranks.mjs.`);
  if (VAGUE.test(path)) faults.push(`${path}: name it after what it holds.`);
  if (floor !== "routes" && /\/index\.tsx?$/.test(path))
    faults.push(`${path}: no barrels; import the file itself.`);
  for (const [, specifier] of text.matchAll(IMPORT)) {
    const fault = faultOf(path, specifier);
    if (fault) faults.push(fault);
  }
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = sources();
  report("ranks", files.flatMap(faultsIn), `${files.length} files import downwards only`);
}
