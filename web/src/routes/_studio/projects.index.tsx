import { createFileRoute } from "@tanstack/react-router";
import { ProjectsPage } from "@/features/projects/projects-page";
import { readSearch } from "@/features/projects/projects-search";

export const Route = createFileRoute("/_studio/projects/")({
  validateSearch: readSearch,
  component: ProjectsRoute,
});

function ProjectsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ProjectsPage
      search={search}
      onSearch={(next) => void navigate({ to: ".", search: next, replace: true })}
    />
  );
}
