import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUp, Images, SearchX } from "lucide-react";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { FilterBar } from "./filter-bar";
import { ImageGridView, useListed } from "./grid/image-grid-view";
import { useHeldBack } from "./grid/use-held-back";
import { useMoveImage } from "./image-actions";
import { useImageEvents } from "./image-events";
import { type ImageFilter, narrows } from "./image-filter";
import { imageList } from "./image-lists";

type ImagesPageProps = { filter: ImageFilter; onFilter: (filter: ImageFilter) => void };

/** Every picture, newest first. */
export function ImagesPage({ filter, onFilter }: ImagesPageProps) {
  usePageTitle("Images");
  useImageEvents();
  const list = useInfiniteQuery({ ...imageList(filter), placeholderData: keepPreviousData });
  const { shown, waiting, show } = useHeldBack(useListed(list), filter.order !== "asc");
  const { trash } = useMoveImage();
  const total = list.data?.pages[0]?.total ?? null;
  const narrow = narrows(filter);
  const none = total === 0 && !narrow;
  return (
    <div className="p-4 sm:p-6">
      {none ? null : (
        <FilterBar
          filter={filter}
          onChange={onFilter}
          count={total === null ? "" : formatCount(total, "picture")}
        />
      )}
      <div role="status" className="fixed top-17 left-1/2 z-20 -translate-x-1/2">
        {waiting > 0 ? (
          <Button size="sm" onClick={show} className="rounded-full shadow-overlay">
            <ArrowUp aria-hidden /> {formatCount(waiting, "new picture")}
          </Button>
        ) : null}
      </div>
      <ImageGridView
        list={list}
        images={shown}
        context={filter}
        label="Pictures"
        empty={narrow ? <NoMatch onClear={() => onFilter(sorted(filter))} /> : <NoPictures />}
        onMove={trash}
      />
    </div>
  );
}

const sorted = ({ order }: ImageFilter): ImageFilter => (order ? { order } : {});

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={SearchX}
      title="No picture is like that"
      action={
        <Button variant="secondary" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      Nothing in your library matches these filters.
    </EmptyState>
  );
}

function NoPictures() {
  return (
    <EmptyState
      icon={Images}
      title="No pictures yet"
      action={
        <Link to="/generate" className={buttonVariants()}>
          Make the first one
        </Link>
      }
    >
      Every picture you make is kept here, with its prompt, its seed and all of its settings.
    </EmptyState>
  );
}
