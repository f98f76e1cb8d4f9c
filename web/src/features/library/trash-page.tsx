import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { DensityControl } from "./grid/density";
import { ImageGridView, useListed } from "./grid/image-grid-view";
import { useMoveImage } from "./image-actions";
import { useImageEvents } from "./image-events";
import type { ImageContext } from "./image-filter";
import { imageList } from "./image-lists";

const TRASH: ImageContext = { trash: true };

/** What was deleted, each with a way back. */
export function TrashPage() {
  usePageTitle("Trash");
  useImageEvents();
  const list = useInfiniteQuery(imageList(TRASH));
  const images = useListed(list);
  const { restore } = useMoveImage();
  const total = list.data?.pages[0]?.total ?? 0;
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
          <DensityControl />
        </div>
      ) : null}
      <ImageGridView
        list={list}
        images={images}
        context={TRASH}
        label="Deleted pictures"
        empty={<EmptyTrash />}
        onMove={restore}
      />
    </div>
  );
}

function EmptyTrash() {
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
