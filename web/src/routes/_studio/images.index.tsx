import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { AddTo } from "@/features/collections/add-to";
import { DropPlace } from "@/features/intake/drop-place";
import { CompareChosen } from "@/features/iteration/compare-chosen";
import { readFilter } from "@/features/library/image-filter";
import { imageList } from "@/features/library/image-lists";
import { ImagesPage } from "@/features/library/images-page";
import { briefly } from "@/lib/idle";

const GalleryDrag = lazy(() =>
  import("@/features/collections/gallery-drag").then((module) => ({ default: module.GalleryDrag })),
);

/** A list that is there sooner than this is drawn at once, without its skeleton. */
const WORTH_WAITING_MS = 150;

export const Route = createFileRoute("/_studio/images/")({
  validateSearch: readFilter,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    briefly(context.queryClient.ensureQueryData(imageList(deps)), WORTH_WAITING_MS),
  component: ImagesRoute,
});

function ImagesRoute() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <>
      <ImagesPage
        filter={filter}
        more={(chosen, done) => (
          <>
            <CompareChosen chosen={chosen} />
            <AddTo ids={chosen.map((image) => image.id)} onDone={done} />
          </>
        )}
        dragging={(parts) => (
          <Suspense>
            <GalleryDrag {...parts} />
          </Suspense>
        )}
        onFilter={(search, step) =>
          void navigate({ to: ".", search, replace: step === "replace", resetScroll: false })
        }
      />
      <DropPlace />
    </>
  );
}
