// The hand-written source files of the studio, with their paths from web/.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

export const WEB = new URL("..", import.meta.url).pathname;
const GENERATED = /^src\/(api\/|route-tree\.gen\.ts)/;

export function sources() {
  return readdirSync(join(WEB, "src"), { recursive: true })
    .map((name) => posix.join("src", name.replaceAll("\\", "/")))
    .filter((path) => /\.tsx?$/.test(path) && !GENERATED.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(WEB, path), "utf8") }));
}

export function report(name, faults, good) {
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) {
    console.error(`${name}: ${faults.length} to mend`);
    process.exit(1);
  }
  console.log(`${name}: ${good}`);
}
