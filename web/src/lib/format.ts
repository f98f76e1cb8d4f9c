/** Numbers, sizes and times as people read them, in the language of the browser. */
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["week", 7 * DAY],
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
];

export function formatNumber(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** 0.25 → "0.25 credits", 1 → "1 credit"; to the ledger's four places. */
export function formatCredits(credits: number, locale?: string): string {
  const amount = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(credits);
  return `${amount} ${credits === 1 ? "credit" : "credits"}`;
}

/** 0.0042 → "$0.0042". */
export function formatDollars(dollars: number, locale?: string): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "USD",
    maximumFractionDigits: 4,
  }).format(dollars);
}

/** 1536 → "1.5 KB"; units of 1000, as file managers show them. */
export function formatBytes(bytes: number, locale?: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[power] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power);
}

/** 0.84 → "0.8 s", 75 → "1 min 15 s". */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${(Math.round(seconds * 10) / 10).toString()} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return join(Math.floor(whole / MINUTE), "min", whole % MINUTE, "s");
  return join(Math.floor(whole / HOUR), "h", Math.floor((whole % HOUR) / MINUTE), "min");
}

/** "3 minutes ago", "in 2 days"; "now" within the minute. */
export function formatAgo(when: string | Date, now = new Date(), locale?: string): string {
  const seconds = (new Date(when).getTime() - now.getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? words.format(Math.trunc(seconds / unit[1]), unit[0]) : words.format(0, "second");
}

export function formatDateTime(when: string | Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(when),
  );
}

/** The time of day alone: for what is soon. */
export function formatTime(when: string | Date, locale?: string): string {
  return new Date(when).toLocaleTimeString(locale, { timeStyle: "medium" });
}

export function formatDate(when: string | Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(when));
}

/** "1 picture", "3 pictures". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
