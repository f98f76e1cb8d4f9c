import { useNavigate } from "@tanstack/react-router";
import { Archive, FolderPlus, LayoutTemplate, Plus, SearchX } from "lucide-react";
import { lazy, Suspense, useDeferredValue, useState } from "react";
import { useMayChange } from "@/features/workspaces/acting";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Input } from "@/ui/input";
import { ShowMore } from "@/ui/show-more";
import { Skeleton } from "@/ui/skeleton";
import { ToggleGroup } from "@/ui/toggle-group";
import { ProjectCard } from "./project-card";
import { type Shelf, useProjectEvents, useProjects } from "./projects";
import type { ProjectsSearch } from "./projects-search";

const ProjectDialog = lazy(() =>
  import("./project-dialog").then((module) => ({ default: module.ProjectDialog })),
);

type ProjectsPageProps = { search: ProjectsSearch; onSearch: (search: ProjectsSearch) => void };

const SHELVES: { value: Shelf; label: string }[] = [
  { value: "open", label: "Open" },
  { value: "archive", label: "Archive" },
  { value: "templates", label: "Templates" },
];

/** The projects, those that changed last first; the archive and the templates beside them. */
export function ProjectsPage({ search, onSearch }: ProjectsPageProps) {
  usePageTitle("Projects");
  useProjectEvents();
  const { shelf = "open", q = "" } = search;
  const list = useProjects(shelf, useDeferredValue(q));
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const [creating, create] = useState(false);
  const projects = list.data?.pages.flatMap((page) => page.items) ?? [];
  const newButton = mayChange ? (
    <Button onClick={() => create(true)}>
      <Plus aria-hidden /> New project
    </Button>
  ) : null;
  return (
    <div className="grid gap-6 p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-3">
        <Input
          type="search"
          aria-label="Search projects"
          placeholder="Search"
          value={q}
          onChange={(event) => onSearch({ ...search, q: event.target.value || undefined })}
          className="w-full sm:mr-auto sm:w-72"
        />
        <ToggleGroup
          aria-label="Which projects"
          choices={SHELVES}
          value={shelf}
          onChange={(next) => onSearch({ ...search, shelf: next === "open" ? undefined : next })}
        />
        {newButton}
      </div>
      {list.isPending ? (
        <div role="status" aria-label="Loading the projects" className={gridStyle}>
          {["a", "b", "c", "d"].map((name) => (
            <Skeleton key={name} className="aspect-[1/1] rounded-xl" />
          ))}
        </div>
      ) : list.isError && !list.data ? (
        <Alert
          kind="error"
          title="The projects could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(list.error)}
        </Alert>
      ) : projects.length === 0 ? (
        <Nothing
          shelf={shelf}
          q={q}
          action={newButton}
          onClear={() => onSearch({ shelf: search.shelf })}
        />
      ) : (
        <ul aria-label="Projects" className={gridStyle}>
          {projects.map((project) => (
            <li key={project.id}>
              <ProjectCard project={project} />
            </li>
          ))}
        </ul>
      )}
      <ShowMore list={list} />
      {creating ? (
        <Suspense>
          <ProjectDialog
            onClose={() => create(false)}
            onDone={({ id }) => void navigate({ to: "/projects/$id", params: { id } })}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

const gridStyle = "grid grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-4";

type NothingProps = { shelf: Shelf; q: string; action: React.ReactNode; onClear: () => void };

function Nothing({ shelf, q, action, onClear }: NothingProps) {
  if (q) {
    return (
      <EmptyState
        icon={SearchX}
        title="No project is like that"
        action={
          <Button variant="secondary" onClick={onClear}>
            Clear the search
          </Button>
        }
      >
        Names, descriptions and tags were looked through.
      </EmptyState>
    );
  }
  if (shelf === "archive") {
    return (
      <EmptyState icon={Archive} title="The archive is empty">
        An archived project keeps its pictures and takes no new ones. Archive one from its menu.
      </EmptyState>
    );
  }
  if (shelf === "templates") {
    return (
      <EmptyState icon={LayoutTemplate} title="No templates yet">
        A template keeps a project's description, notes, tags and settings, so that others can start
        from it. Save a project as a template from its menu.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={FolderPlus} title="No projects yet" action={action}>
      A project keeps the pictures for one purpose together, with its own model, settings and notes.
    </EmptyState>
  );
}
