import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ChosenPictures } from "./actions/chosen-pictures";
import { useGalleryActions } from "./actions/use-gallery-actions";
import { ImageGridView } from "./grid/image-grid-view";
import type { GridHandle } from "./grid/picture-grid";
import { useView } from "./grid/view";
import { DensityControl, LookControl } from "./grid/view-control";
import { useImageEvents } from "./image-events";
import type { ImageContext } from "./image-filter";
import { imageList } from "./image-lists";
import { useSelection } from "./selection/use-selection";

const EmptyTrash = lazy(() =>
  import("./actions/empty-trash").then((module) => ({ default: module.EmptyTrash })),
);

const TRASH: ImageContext = { trash: true };

/** What was deleted, each with a way back. */
export function TrashPage() {
  usePageTitle("Trash");
  useImageEvents();
  const query = useQuery(imageList(TRASH));
  const { look, density, keep } = useView({});
  const choosing = useSelection(query.data, TRASH);
  const grid = useRef<GridHandle | null>(null);
  const actions = useGalleryActions({ context: TRASH, choosing, grid });
  const total = query.data?.total ?? 0;
  return (
    <div className="p-4 sm:p-6">
      {total > 0 ? (
        <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
          <p className="max-w-prose text-sm text-muted-foreground">
            <span role="status" className="font-medium text-foreground">
              {formatCount(total, "deleted picture")}.
            </span>{" "}
            What is in the trash is out of the library, but not lost: restored, a picture is back in
            its place with all of its settings.
          </p>
          <div className="flex flex-wrap gap-2">
            <LookControl look={look} onChange={keep} />
            <DensityControl density={density} onChange={keep} />
            {actions.mayChange ? (
              <Suspense>
                <EmptyTrash total={total} />
              </Suspense>
            ) : null}
          </div>
        </div>
      ) : null}
      <ImageGridView
        query={query}
        list={query.data}
        view={{ look, density }}
        choosing={choosing}
        handle={grid}
        context={TRASH}
        label="Deleted pictures"
        empty={<NothingHere />}
        onMove={actions.move}
      />
      <ChosenPictures trash list={query.data} total={total} choosing={choosing} actions={actions} />
    </div>
  );
}

function NothingHere() {
  return (
    <EmptyState
      icon={Trash2}
      title="The trash is empty"
      action={
        <Link to="/images" className={buttonVariants({ variant: "secondary" })}>
          Go to Images
        </Link>
      }
    >
      Pictures that you delete are kept here, so that you can take them back.
    </EmptyState>
  );
}
