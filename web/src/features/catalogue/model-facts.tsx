/** Small things said of a model, in the comparison and on its page. */
import { Link } from "@tanstack/react-router";
import type { ModelOut, ModelStatsOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { formatDuration, formatTime } from "@/lib/format";
import { Badge } from "@/ui/badge";

/** "New" or "Updated", where that is so, and whether it is featured. */
export function Notices({ model: { notice, featured } }: { model: ModelOut }) {
  return (
    <>
      {featured ? <Badge kind="primary">Featured</Badge> : null}
      {notice ? <Badge kind="success">{notice === "new" ? "New" : "Updated"}</Badge> : null}
    </>
  );
}

/** "Available", or why not. */
export function Availability({ model }: { model: ModelOut }) {
  if (model.available && model.down_until)
    return (
      <span className="grid justify-items-start gap-1">
        <Badge kind="error">Down</Badge>
        <span className="text-xs text-pretty text-muted-foreground">{downText(model)}</span>
      </span>
    );
  if (model.available) return <Badge kind="success">Available</Badge>;
  const why = model.retired
    ? "Retired"
    : model.needs_key
      ? "Needs a key"
      : model.active
        ? "Out of reach"
        : "Switched off";
  return (
    <span className="grid justify-items-start gap-1">
      <Badge kind="warning">{why}</Badge>
      <span className="text-xs text-pretty text-muted-foreground">{model.unavailable_reason}</span>
      {model.needs_key ? (
        <Link
          to="/settings"
          search={{ tab: "providers" }}
          hash={model.provider}
          className="text-xs text-primary-text underline-offset-4 hover:underline"
        >
          Enter a key to {model.provider_name}
        </Link>
      ) : null}
    </span>
  );
}

/** When a model that is down is called again; empty for one that is not. */
export function downText({ down_until }: ModelOut): string {
  if (!down_until) return "";
  return `Too many of its calls failed; it is tried again at ${formatTime(down_until)}.`;
}

const HEALTHS = {
  up: ["success", "Up"],
  degraded: ["warning", "Degraded"],
  down: ["error", "Down"],
  unknown: ["neutral", "Not measured yet"],
} as const;

export function Health({ stats }: { stats: ModelStatsOut | undefined }) {
  const [kind, label] = HEALTHS[stats?.health ?? "unknown"];
  return <Badge kind={kind}>{label}</Badge>;
}

/** A grade from 1 to 5, as five dots. */
export function Grade({ label, value }: { label: string; value: number }) {
  return (
    <span role="img" aria-label={`${label} ${value} of 5`} className="inline-flex gap-1">
      {[1, 2, 3, 4, 5].map((dot) => (
        <span
          key={dot}
          className={cn("size-2 rounded-full", dot <= value ? "bg-primary" : "bg-input")}
        />
      ))}
    </span>
  );
}

/** 0.987 → "98.7 %"; a dash where nothing was measured. */
export function successText(stats: ModelStatsOut | undefined): string {
  const rate = stats?.success_rate ?? null;
  if (rate === null) return "–";
  return new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 }).format(
    rate,
  );
}

export function secondsText(seconds: number | null | undefined): string {
  return typeof seconds === "number" ? formatDuration(seconds) : "–";
}
