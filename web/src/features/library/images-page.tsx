import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUp, Copy, Images, Keyboard } from "lucide-react";
import { lazy, type ReactNode, type RefObject, Suspense, useId, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { GalleryDialogs } from "./actions/gallery-dialogs";
import { useGalleryActions } from "./actions/use-gallery-actions";
import { FilterSide } from "./filters/filter-side";
import { GalleryBar } from "./filters/gallery-bar";
import { GoToDate } from "./filters/go-to-date";
import { useFilterSide } from "./filters/use-filter-side";
import { ImageGridView } from "./grid/image-grid-view";
import type { GridHandle } from "./grid/picture-grid";
import { useHeldBack } from "./grid/use-held-back";
import { useView, type View } from "./grid/view";
import { useImageEvents } from "./image-events";
import { type ImageFilter, narrows } from "./image-filter";
import { imageList } from "./image-lists";
import { useSelection } from "./selection/use-selection";

const BulkBar = lazy(() =>
  import("./actions/bulk-bar").then((module) => ({ default: module.BulkBar })),
);
const NoMatch = lazy(() =>
  import("./filters/no-match").then((module) => ({ default: module.NoMatch })),
);

/** How a filter comes into the address: as a step one can go back from, or in place of what is there. */
export type FilterStep = "push" | "replace";

export type DragParts = {
  grid: RefObject<HTMLElement | null>;
  chosen: readonly ImageOut[];
  size: number;
  isChosen: (id: string) => boolean;
  onMove: (project: { id: string; name: string }) => void;
  onDone: () => void;
};

type ImagesPageProps = {
  filter: ImageFilter;
  onFilter: (filter: ImageFilter, step: FilterStep) => void;
  /** More to do with the chosen pictures. */
  more?: (chosen: readonly ImageOut[], done: () => void) => ReactNode;
  /** What lets the chosen pictures be dragged elsewhere. */
  dragging?: (parts: DragParts) => ReactNode;
};

/** Every picture, newest first. */
export function ImagesPage(props: ImagesPageProps) {
  const { filter, onFilter, more, dragging } = props;
  usePageTitle("Images");
  useImageEvents();
  const id = useId();
  const side = useFilterSide();
  const query = useQuery({ ...imageList(filter), placeholderData: keepPreviousData });
  const newestFirst = !filter.sort && filter.order !== "asc";
  const { shown, waiting, show } = useHeldBack(query.data, newestFirst);
  const { look, density, keep } = useView(filter);
  const choosing = useSelection(shown, filter, waiting);
  const total = query.data?.total ?? null;
  const narrow = narrows(filter);
  const none = total === 0 && !narrow;
  const count = total === null ? "" : formatCount(total, "picture");
  const change = (next: ImageFilter, typing = false) => {
    // Letters after the first are no steps of their own.
    onFilter(next, typing && filter.q && next.q ? "replace" : "push");
    scrollTo({ top: 0, behavior: "instant" });
  };
  const changeView = (next: Partial<View>) => {
    keep(next);
    const { look: to = look, density: size = density } = next;
    onFilter({ ...filter, view: to, size }, "replace");
  };
  const grid = useRef<GridHandle | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const actions = useGalleryActions({ context: filter, choosing, grid });
  const chosen = (shown?.items ?? []).filter(
    (image) => image !== undefined && choosing.includes(image.id),
  ) as ImageOut[];
  // Of all pictures of a library some may not be here, and those that are would be but a part.
  const whole = chosen.length === choosing.size;
  return (
    <div className="flex items-start">
      {none ? null : (
        <FilterSide
          id={id}
          wide={side.wide}
          open={side.open}
          onClose={() => side.show(false)}
          filter={filter}
          count={count}
          onChange={change}
        />
      )}
      <div className="min-w-0 flex-1 p-4 sm:p-6">
        {none ? null : (
          <GalleryBar
            filter={filter}
            onChange={change}
            count={count}
            view={{ look, density }}
            onView={changeView}
            filters={{ open: side.open, toggle: () => side.show(!side.open), id }}
          >
            {!filter.sort && total ? (
              <GoToDate context={filter} onGo={(index) => grid.current?.goTo(index)} />
            ) : null}
            <Link
              to="/duplicates"
              aria-label="Find duplicates"
              title="Find duplicates"
              className={buttonVariants({ variant: "ghost", size: "icon-sm" })}
            >
              <Copy aria-hidden />
            </Link>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Keyboard shortcuts"
              title="Keyboard shortcuts (?)"
              onClick={() => actions.ask("keys")}
              className="max-sm:hidden"
            >
              <Keyboard aria-hidden />
            </Button>
          </GalleryBar>
        )}
        <div role="status" className="fixed top-17 left-1/2 z-20 -translate-x-1/2">
          {waiting > 0 ? (
            <Button size="sm" onClick={show} className="rounded-full shadow-overlay">
              <ArrowUp aria-hidden /> {formatCount(waiting, "new picture")}
            </Button>
          ) : null}
        </div>
        <div ref={area}>
          <ImageGridView
            query={query}
            list={shown}
            held={waiting}
            context={filter}
            view={{ look, density }}
            label="Pictures"
            empty={
              narrow ? (
                <Suspense>
                  <NoMatch filter={filter} onChange={change} />
                </Suspense>
              ) : (
                <NoPictures />
              )
            }
            choosing={choosing}
            handle={grid}
            onMove={actions.move}
            onFavourite={actions.mayChange ? actions.favourite : undefined}
          />
        </div>
        {choosing.active && actions.mayChange
          ? dragging?.({
              grid: area,
              chosen,
              size: choosing.size,
              isChosen: choosing.includes,
              onMove: (project) => actions.run({ kind: "move", project }),
              onDone: choosing.clear,
            })
          : null}
        {choosing.active && total !== null ? (
          <Suspense>
            <BulkBar
              choosing={choosing}
              total={total}
              run={actions.run}
              ask={actions.ask}
              target={actions.target}
            >
              {whole ? more?.(chosen, choosing.clear) : null}
            </BulkBar>
          </Suspense>
        ) : null}
        <GalleryDialogs
          asked={actions.asked}
          of="gallery"
          onClose={actions.close}
          run={actions.run}
        />
      </div>
    </div>
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
