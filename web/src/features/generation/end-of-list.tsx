import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import { type PagedList, ShowMore } from "@/ui/show-more";

type EndOfListProps = PagedList & {
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
    <div ref={element}>
      <ShowMore list={props} className="py-4" />
    </div>
  );
}
