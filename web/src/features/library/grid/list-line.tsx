import { Star } from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import { formatAgo, formatBytes, formatNumber } from "@/lib/format";
import { Badge } from "@/ui/badge";

/** Lines narrower than this have room for the name and little else. */
const WIDE = 640;
const WIDER = 900;

/** What stands beside a picture in a list: its name and what is most asked about it. */
export function ListLine({ image, width }: { image: ImageOut; width: number }) {
  const { title, prompt, model, tags, rating, is_favorite, created_at, file_size, format } = image;
  const size = `${formatNumber(image.width)} × ${formatNumber(image.height)}`;
  return (
    <span className="flex min-w-0 flex-1 items-center gap-4 text-sm">
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className="truncate font-medium">{title ?? (prompt || "Untitled picture")}</span>
        <span className="truncate text-xs text-muted-foreground">
          {width < WIDE ? `${formatAgo(created_at)} · ${size}` : model}
        </span>
      </span>
      {width >= WIDER ? (
        <span className="flex w-48 shrink-0 gap-1 overflow-hidden">
          {tags.slice(0, 3).map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </span>
      ) : null}
      <span className="flex w-14 shrink-0 items-center justify-end gap-1 text-xs tabular-nums">
        {rating ? (
          <>
            <Star aria-hidden className="size-3.5 fill-warning text-warning" />
            <span className="sr-only">rated</span> {rating}
          </>
        ) : null}
        {is_favorite ? (
          <span className="text-highlight-text">
            <span aria-hidden>♥</span>
            <span className="sr-only">favourite</span>
          </span>
        ) : null}
      </span>
      {width >= WIDE ? (
        <>
          <span className="w-28 shrink-0 text-right text-xs text-muted-foreground tabular-nums">
            {size}
          </span>
          <span className="w-24 shrink-0 text-right text-xs text-muted-foreground tabular-nums">
            {format.toUpperCase()}, {formatBytes(file_size)}
          </span>
          <span className="w-28 shrink-0 pr-3 text-right text-xs text-muted-foreground">
            {formatAgo(created_at)}
          </span>
        </>
      ) : null}
    </span>
  );
}
