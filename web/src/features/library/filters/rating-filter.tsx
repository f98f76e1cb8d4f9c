import { Star } from "lucide-react";
import { cn } from "@/lib/cn";
import type { ImageFilter, Narrowing } from "../image-filter";

const STARS = [1, 2, 3, 4, 5];

type RatingFilterProps = { filter: ImageFilter; onChange: (change: Narrowing) => void };

/** The least rating; the chosen star again takes it back. */
export function RatingFilter({ filter, onChange }: RatingFilterProps) {
  const { rating_min: least } = filter;
  return (
    <fieldset className="flex items-center gap-1 px-1">
      <legend className="sr-only">At least so many stars</legend>
      {STARS.map((stars) => {
        const on = least !== undefined && stars <= least;
        return (
          <button
            key={stars}
            type="button"
            aria-pressed={least === stars}
            aria-label={`${stars} ${stars === 1 ? "star" : "stars"} or more`}
            title={`${stars} or more`}
            onClick={() => onChange({ rating_min: least === stars ? undefined : stars })}
            className="grid size-8 place-items-center rounded-lg hover:bg-accent"
          >
            <Star
              aria-hidden
              className={cn("size-4.5", on ? "fill-warning text-warning" : "text-muted-foreground")}
            />
          </button>
        );
      })}
      <span aria-hidden className="ml-1 text-xs text-muted-foreground">
        {least === undefined ? "" : least === 5 ? "only" : "or more"}
      </span>
    </fieldset>
  );
}
