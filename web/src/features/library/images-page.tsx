import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUp, Copy, Images, Keyboard } from "lucide-react";
import { lazy, Suspense, useId, useRef } from "react";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ChosenPictures, type MoreToDo } from "./actions/chosen-pictures";
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

const NoMatch = lazy(() =>
  import("./filters/no-match").then((module) => ({ default: module.NoMatch })),
);

/** How a filter comes into the address: as a step one can go back from, or in place of what is there. */
export type FilterStep = "push" | "replace";

type ImagesPageProps = MoreToDo & {
  filter: ImageFilter;
  onFilter: (filter: ImageFilter, step: FilterStep) => void;
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
        <ChosenPictures
          list={shown}
          total={total ?? 0}
          choosing={choosing}
          actions={actions}
          area={area}
          more={more}
          dragging={dragging}
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
