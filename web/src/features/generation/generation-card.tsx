import { Ban, CircleAlert, Shuffle } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { GenerationOut } from "@/api/types.gen";
import { useModelName } from "@/features/catalogue/models";
import { words } from "@/features/catalogue/schema-fields";
import { sizeText } from "@/features/catalogue/sizes";
import { formatAgo, formatCount, formatDateTime, formatDuration } from "@/lib/format";
import { CardButtons } from "./card-buttons";
import { isRunning } from "./feed";
import { Pictures } from "./pictures";
import { RunningBar } from "./running-bar";
import type { CardActions } from "./submit";

type GenerationCardProps = {
  generation: GenerationOut;
  actions: CardActions;
  /** Puts its settings into the form; `image` names the picture whose seed is meant. */
  onUseSettings: (generation: GenerationOut, image?: number) => void;
};

/** One request and what became of it. */
export function GenerationCard({ generation, actions, onUseSettings }: GenerationCardProps) {
  const running = isRunning(generation);
  return (
    <article
      aria-label={generation.prompt}
      aria-busy={running || undefined}
      className="-m-1 grid gap-3 p-1"
    >
      <header className="grid gap-1">
        <h3 className="line-clamp-3 max-w-3xl text-base leading-snug font-medium tracking-normal">
          {generation.prompt}
        </h3>
        <Facts generation={generation} />
      </header>
      <Pictures
        generation={generation}
        onUseSettings={
          generation.operation === "text-to-image"
            ? (index) => onUseSettings(generation, index)
            : null
        }
      />
      {running ? <RunningBar generation={generation} onCancel={actions.cancel} /> : null}
      <Outcome generation={generation} />
      {running ? null : (
        <CardButtons
          generation={generation}
          actions={actions}
          onUseSettings={() => onUseSettings(generation)}
        />
      )}
    </article>
  );
}

/** How it was made, in one line. */
export function Facts({ generation }: { generation: GenerationOut }) {
  const { parameters, created_at, started_at, completed_at, status, num_images } = generation;
  const model = useModelName(generation.model);
  const { width, height, style, seed } = parameters;
  const seconds =
    status === "completed" && started_at && completed_at
      ? (Date.parse(completed_at) - Date.parse(started_at)) / 1000
      : null;
  const facts = [
    model,
    generation.operation === "text-to-image" ? null : words(generation.operation),
    num_images > 1 ? formatCount(num_images, "picture") : null,
    typeof width === "number" && typeof height === "number" ? sizeText(width, height) : null,
    typeof style === "string" && style !== "auto" ? words(style) : null,
    typeof seed === "number" ? `seed ${seed}` : null,
    seconds === null ? null : formatDuration(seconds),
  ].filter((fact) => fact !== null);
  return (
    <p className="flex flex-wrap gap-x-2.5 text-xs text-muted-foreground tabular-nums">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      <Ago when={created_at} />
    </p>
  );
}

/** The exact time is worked out when someone points at it: for a long list that takes noticeably long. */
function Ago({ when }: { when: string }) {
  const [exact, setExact] = useState<string>();
  return (
    <time dateTime={when} title={exact} onPointerEnter={() => setExact(formatDateTime(when))}>
      {formatAgo(when)}
    </time>
  );
}

function Outcome({ generation }: { generation: GenerationOut }) {
  const { status, error, images, model_reason } = generation;
  if (status === "failed") {
    return (
      <Note icon={<CircleAlert aria-hidden />} bad>
        <span className="font-semibold">This one failed.</span>{" "}
        {error?.message || "The engine gave no reason."}
      </Note>
    );
  }
  if (status === "cancelled") return <Note icon={<Ban aria-hidden />}>Cancelled.</Note>;
  if (status === "completed" && images.length === 0)
    return <Note>Its pictures are in the trash.</Note>;
  if (model_reason) return <Note icon={<Shuffle aria-hidden />}>{model_reason}</Note>;
  return null;
}

/** Not an alert: it stays in the page, and is told once when it happens. */
function Note({
  icon,
  bad = false,
  children,
}: {
  icon?: ReactNode;
  bad?: boolean;
  children: ReactNode;
}) {
  const colours = bad
    ? "border-destructive/40 bg-destructive-soft text-destructive-text"
    : "bg-surface text-muted-foreground";
  return (
    <p
      className={`flex w-fit max-w-xl gap-2.5 rounded-lg border px-3.5 py-2.5 text-sm [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 ${colours}`}
    >
      {icon}
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
