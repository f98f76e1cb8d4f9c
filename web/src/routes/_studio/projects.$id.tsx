import { createFileRoute } from "@tanstack/react-router";
import { ProjectPictures } from "@/features/library/project-pictures";
import { ProjectPage } from "@/features/projects/project-page";

export const Route = createFileRoute("/_studio/projects/$id")({
  component: ProjectRoute,
});

function ProjectRoute() {
  const { id } = Route.useParams();
  return (
    <ProjectPage key={id} id={id} pictures={(project) => <ProjectPictures project={project} />} />
  );
}
