import { Star } from "lucide-react";
import { cn } from "@/lib/cn";

const STARS = [1, 2, 3, 4, 5];

type StarsProps = { rating: number | null; onRate: (rating: number | null) => void };

/** The rating of a picture; the star that it has again takes it back. */
export function Stars({ rating, onRate }: StarsProps) {
  return (
    <fieldset className="-ml-1.5 flex items-center">
      <legend className="sr-only">Rating</legend>
      {STARS.map((stars) => (
        <button
          key={stars}
          type="button"
          aria-pressed={rating === stars}
          aria-label={`${stars} of 5`}
          title={`${stars} of 5 (${stars})`}
          onClick={() => onRate(rating === stars ? null : stars)}
          className="grid size-8 place-items-center rounded-lg hover:bg-accent"
        >
          <Star
            aria-hidden
            className={cn(
              "size-5",
              rating !== null && stars <= rating
                ? "fill-warning text-warning"
                : "text-muted-foreground",
            )}
          />
        </button>
      ))}
    </fieldset>
  );
}
