import { createFileRoute } from "@tanstack/react-router";
import { AddTo } from "@/features/collections/add-to";
import { ProjectPictures } from "@/features/library/project-pictures";
import { ProjectPage } from "@/features/projects/project-page";

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
          actions={(ids, done) => <AddTo ids={ids} onDone={done} />}
        />
      )}
    />
  );
}
