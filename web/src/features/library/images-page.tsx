import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUp, Images, SearchX } from "lucide-react";
import { useRef } from "react";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { useShortcuts } from "@/lib/shortcuts";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { FilterBar } from "./filter-bar";
import { ImageGridView } from "./grid/image-grid-view";
import type { GridHandle } from "./grid/picture-grid";
import { useHeldBack } from "./grid/use-held-back";
import { useView, type View } from "./grid/view";
import { useMoveImage } from "./image-actions";
import { useImageEvents } from "./image-events";
import { type ImageFilter, narrows } from "./image-filter";
import { imageList } from "./image-lists";
import { useSelection } from "./selection/use-selection";

type ImagesPageProps = { filter: ImageFilter; onFilter: (filter: ImageFilter) => void };

/** Every picture, newest first. */
export function ImagesPage({ filter, onFilter }: ImagesPageProps) {
  usePageTitle("Images");
  useImageEvents();
  const query = useQuery({ ...imageList(filter), placeholderData: keepPreviousData });
  const { shown, waiting, show } = useHeldBack(query.data, filter.order !== "asc");
  const { look, density, keep } = useView(filter);
  const choosing = useSelection(shown, filter, waiting);
  const { trash } = useMoveImage();
  const total = query.data?.total ?? null;
  const narrow = narrows(filter);
  const none = total === 0 && !narrow;
  const view = { look, density };
  const changeView = (next: Partial<View>) => {
    keep(next);
    const { look: to = look, density: size = density } = next;
    onFilter({ ...filter, view: to, size });
  };
  const grid = useRef<GridHandle | null>(null);
  const remove = () => {
    const image = grid.current?.current();
    if (image) grid.current?.remove(image);
  };
  useShortcuts({
    "mod+a": choosing.all,
    ...(choosing.active && { escape: choosing.clear }),
    delete: remove,
    backspace: remove,
  });
  return (
    <div className="p-4 sm:p-6">
      {none ? null : (
        <FilterBar
          filter={filter}
          onChange={onFilter}
          count={total === null ? "" : formatCount(total, "picture")}
          view={view}
          onView={changeView}
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
        query={query}
        list={shown}
        held={waiting}
        context={filter}
        view={view}
        label="Pictures"
        empty={narrow ? <NoMatch onClear={() => onFilter(sorted(filter))} /> : <NoPictures />}
        choosing={choosing}
        handle={grid}
        onMove={trash}
      />
    </div>
  );
}

const sorted = ({ order, view, size }: ImageFilter): ImageFilter => ({ order, view, size });

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
