import { cn } from "@/lib/cn";
import { reasonOf } from "@/lib/problem";
import { Button } from "./button";

/** What is known of a list that comes page by page; an infinite query is such. */
export type PagedList = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  error: Error | null;
  fetchNextPage: () => Promise<unknown>;
};

type ShowMoreProps = {
  list: PagedList;
  /** What the button says. */
  label?: string;
  className?: string;
};

/** Below a list that comes page by page: fetches the next one, and says why it did not come. Nothing at the end. */
export function ShowMore({ list, label = "Show more", className }: ShowMoreProps) {
  const { hasNextPage, isFetchingNextPage, error, fetchNextPage } = list;
  if (!hasNextPage) return null;
  return (
    <div className={cn("grid justify-items-center gap-2", className)}>
      {error ? (
        <p role="alert" className="text-sm text-destructive-text">
          {reasonOf(error)}
        </p>
      ) : null}
      <Button
        variant="secondary"
        working={isFetchingNextPage && "Loading more…"}
        onClick={() => void fetchNextPage()}
      >
        {error ? "Try again" : label}
      </Button>
    </div>
  );
}
