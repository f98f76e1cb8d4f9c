import type { GenerationOut } from "@/api/types.gen";
import { PictureTile } from "@/features/library/picture-tile";
import { formatAgo } from "@/lib/format";
import { Alert } from "@/ui/alert";
import { Badge } from "@/ui/badge";
import { Progress } from "@/ui/progress";

const COLUMNS: Record<number, string> = {
  1: "max-w-xl",
  2: "grid-cols-2 max-w-3xl",
  3: "grid-cols-2 sm:grid-cols-3 max-w-5xl",
};

export function GenerationCard({ generation }: { generation: GenerationOut }) {
  const { prompt, model, created_at, images, status } = generation;
  return (
    <article aria-label={prompt} className="grid gap-3">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <p className="line-clamp-2 min-w-0 font-medium">{prompt}</p>
        <p className="text-sm text-muted-foreground">
          <span className="font-mono text-xs">{model}</span> ·{" "}
          <time dateTime={created_at}>{formatAgo(created_at)}</time>
        </p>
        {status === "cancelled" ? <Badge>Cancelled</Badge> : null}
      </header>
      {status === "pending" || status === "processing" ? <Running generation={generation} /> : null}
      {status === "failed" ? (
        <Alert kind="error" title="This one failed" className="max-w-xl">
          {generation.error?.message ?? "The engine gave no reason."}
        </Alert>
      ) : null}
      {images.length > 0 ? (
        <ul className={`grid gap-3 ${COLUMNS[images.length] ?? "grid-cols-2 lg:grid-cols-4"}`}>
          {images.map((image) => (
            <li key={image.id}>
              <PictureTile image={image} />
            </li>
          ))}
        </ul>
      ) : null}
    </article>
  );
}

function Running({ generation: { progress, status, position } }: { generation: GenerationOut }) {
  const drawing = status === "processing";
  const words = drawing
    ? progress.steps > 0
      ? `Drawing, step ${progress.step} of ${progress.steps}`
      : "Drawing"
    : position
      ? `Queued, ${position} before it`
      : "Queued, next in line";
  return (
    <div className="grid max-w-xl gap-3 rounded-xl border bg-card p-4 shadow-card">
      {progress.preview_url ? (
        <img src={progress.preview_url} alt="" className="w-full rounded-lg bg-muted" />
      ) : null}
      <p className="text-sm text-muted-foreground">{words}</p>
      <Progress value={drawing ? progress.percent : 0} label={words} />
    </div>
  );
}
