import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { AddTo } from "@/features/collections/add-to";
import { ProjectPictures } from "@/features/library/project-pictures";
import { ProjectPage } from "@/features/projects/project-page";

const DragOut = lazy(() =>
  import("@/features/collections/drag-out").then((module) => ({ default: module.DragOut })),
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
          actions={(chosen, done) => <AddTo ids={chosen.map((image) => image.id)} onDone={done} />}
          around={(grid, chosen, done) => (
            <Suspense fallback={grid}>
              <DragOut chosen={chosen} onDone={done}>
                {grid}
              </DragOut>
            </Suspense>
          )}
        />
      )}
    />
  );
}
