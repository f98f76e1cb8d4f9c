import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { AddTo } from "@/features/collections/add-to";
import { CompareChosen } from "@/features/iteration/compare-chosen";
import { ProjectPictures } from "@/features/library/project-pictures";
import { ProjectPage } from "@/features/projects/project-page";

const GalleryDrag = lazy(() =>
  import("@/features/collections/gallery-drag").then((module) => ({ default: module.GalleryDrag })),
);

export const Route = createFileRoute("/_studio/projects/$id")({
  component: ProjectRoute,
});

function ProjectRoute() {
  const { id } = Route.useParams();
  return (
    <ProjectPage
      key={id}
      id={id}
      pictures={(project) => (
        <ProjectPictures
          project={project}
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
        />
      )}
    />
  );
}
