/**
 * Lighthouse scores of pages: `node run.mjs [options] <url>…`
 *
 *   --cookie "name=value; …"   sent with every request, for pages behind the log-in
 *   --desktop                  a desktop's screen and network instead of a phone's
 *   --runs 3                   the median of so many runs (1)
 *   --least 95                 exits with 1 when any score is below
 *   --json                     one JSON object for each page instead of a table
 *   --faults                   names what cost points
 *
 * Chromium is taken from CHROME_PATH, else looked for. No proxy is used.
 */
import { parseArgs } from "node:util";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-proxy-server",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** What Lighthouse measures, beside the scores. */
const METRICS = {
  fcp: "first-contentful-paint",
  lcp: "largest-contentful-paint",
  tbt: "total-blocking-time",
  cls: "cumulative-layout-shift",
};

const { values: options, positionals: urls } = parseArgs({
  allowPositionals: true,
  options: {
    cookie: { type: "string" },
    desktop: { type: "boolean", default: false },
    runs: { type: "string", default: "1" },
    least: { type: "string", default: "0" },
    json: { type: "boolean", default: false },
    faults: { type: "boolean", default: false },
  },
});

const say = (line) => process.stdout.write(`${line}\n`);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(url) {
  const chrome = await launch({ chromeFlags: FLAGS });
  try {
    const flags = {
      port: chrome.port,
      logLevel: "error",
      onlyCategories: CATEGORIES,
      // A session must outlive the cleaning of storage between runs; the cookie is sent as a header.
      ...(options.cookie ? { extraHeaders: { Cookie: options.cookie } } : {}),
    };
    const result = await lighthouse(url, flags, options.desktop ? desktopConfig : undefined);
    if (!result || result.lhr.runtimeError)
      throw new Error(`${url}: ${result?.lhr.runtimeError?.message ?? "no result"}`);
    return result.lhr;
  } finally {
    chrome.kill();
  }
}

/** The audits that cost points, with what they cost them for. */
function faultsOf({ audits, categories }) {
  const counted = Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id),
  );
  return [...new Set(counted)]
    .map((id) => audits[id])
    .filter((audit) => audit && audit.score !== null && audit.score < 0.9)
    .map(({ id, title, displayValue }) => [id, title, displayValue].filter(Boolean).join(": "));
}

async function scoresOf(url) {
  const runs = [];
  for (let run = 0; run < Number(options.runs); run += 1) {
    // On a busy machine the browser now and then loses the beginning of its trace: once more, then.
    runs.push(await measure(url).catch(() => measure(url)));
  }
  const scores = Object.fromEntries(
    CATEGORIES.map((name) => [
      name,
      median(runs.map(({ categories }) => Math.round((categories[name]?.score ?? 0) * 100))),
    ]),
  );
  const metrics = Object.fromEntries(
    Object.entries(METRICS).map(([name, id]) => [
      name,
      Math.round(median(runs.map(({ audits }) => audits[id]?.numericValue ?? 0)) * 1000) / 1000,
    ]),
  );
  const landed = runs[0]?.finalDisplayedUrl ?? url;
  return { url, landed, scores, metrics, faults: [...new Set(runs.flatMap(faultsOf))] };
}

let low = false;
for (const url of urls) {
  const found = await scoresOf(url);
  low ||= Object.values(found.scores).some((score) => score < Number(options.least));
  if (options.json) {
    say(JSON.stringify(found));
    continue;
  }
  const { fcp, lcp, tbt, cls } = found.metrics;
  say(found.landed === url ? url : `${url} (shown: ${found.landed})`);
  for (const [name, score] of Object.entries(found.scores)) say(`  ${name.padEnd(16)} ${score}`);
  const paints = `FCP ${(fcp / 1000).toFixed(1)} s, LCP ${(lcp / 1000).toFixed(1)} s`;
  say(`  ${paints}, TBT ${Math.round(tbt)} ms, CLS ${cls}`);
  if (options.faults) for (const fault of found.faults) say(`  - ${fault}`);
}
if (urls.length === 0) {
  say("usage: node run.mjs [--cookie …] [--desktop] [--runs 3] [--least 95] <url>…");
  low = true;
}
process.exitCode = low ? 1 : 0;
