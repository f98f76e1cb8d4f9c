// A file that grows past the ceiling becomes a folder of the same name.
import { report, sources } from "./sources.mjs";

const CEILING = 250;

const files = sources();
const faults = files
  .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
  .filter(({ lines }) => lines > CEILING)
  .map(
    ({ path, lines }) =>
      `${path}: ${lines} lines; at most ${CEILING}. Split it by what its parts are.`,
  );

report("ceiling", faults, `${files.length} files of at most ${CEILING} lines`);
