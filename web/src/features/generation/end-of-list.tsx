import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";

type EndOfListProps = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  error: Error | null;
  fetchNextPage: () => Promise<unknown>;
  /** What stands at the very end. */
  children?: ReactNode;
};

/** Fetches the next page before its place comes into view; the button is for when that failed, and for the keyboard. */
export function EndOfList(props: EndOfListProps) {
  const { hasNextPage, isFetchingNextPage, error, fetchNextPage, children } = props;
  const element = useRef<HTMLDivElement>(null);
  const near = useEffectEvent((entries: IntersectionObserverEntry[]) => {
    if (entries.some(({ isIntersecting }) => isIntersecting) && !isFetchingNextPage && !error)
      void fetchNextPage();
  });
  // A fresh watch after each page also notices an end that never left the view.
  useEffect(() => {
    if (!element.current || !hasNextPage || isFetchingNextPage) return;
    const observer = new IntersectionObserver((entries) => near(entries), {
      rootMargin: "800px 0px",
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage]);
  if (!hasNextPage) return children;
  return (
    <div ref={element} className="grid justify-items-center gap-2 py-4">
      {error ? <p className="text-sm text-destructive-text">{reasonOf(error)}</p> : null}
      <Button
        variant="secondary"
        working={isFetchingNextPage && "Loading more…"}
        onClick={() => void fetchNextPage()}
      >
        {error ? "Try again" : "Show more"}
      </Button>
    </div>
  );
}
