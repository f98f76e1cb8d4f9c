import { Link } from "@tanstack/react-router";
import { Archive, ChevronLeft, FolderX, WandSparkles } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { ProjectOut } from "@/api/types.gen";
import { ExportButton } from "@/features/exports/export-button";
import { useMayChange } from "@/features/workspaces/acting";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { Problem, reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Badge } from "@/ui/badge";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { ToggleGroup } from "@/ui/toggle-group";
import { Cover } from "./project-card";
import { useProject, useProjectEvents } from "./projects";

const ProjectMenu = lazy(() =>
  import("./project-menu").then((module) => ({ default: module.ProjectMenu })),
);
const ProjectNotes = lazy(() =>
  import("./project-notes").then((module) => ({ default: module.ProjectNotes })),
);
const ProjectAnalytics = lazy(() =>
  import("./project-analytics").then((module) => ({ default: module.ProjectAnalytics })),
);

type Part = "pictures" | "notes" | "numbers";

const PARTS: { value: Part; label: string }[] = [
  { value: "pictures", label: "Pictures" },
  { value: "notes", label: "Notes" },
  { value: "numbers", label: "Numbers" },
];

type ProjectPageProps = {
  id: string;
  /** Its pictures, which a room above this one shows. */
  pictures: (project: ProjectOut) => ReactNode;
};

/** One project: what it is, its pictures, its notes and its numbers. */
export function ProjectPage({ id, pictures }: ProjectPageProps) {
  const project = useProject(id);
  const [part, show] = useState<Part>("pictures");
  useProjectEvents(id);
  usePageTitle(project.data?.name ?? "Project");
  if (project.isPending) {
    return (
      <div role="status" aria-label="Loading the project" className="grid gap-6 p-4 sm:p-6">
        <Skeleton className="h-32 rounded-xl" />
        <Skeleton className="h-96 rounded-xl" />
      </div>
    );
  }
  if (!project.data)
    return <Missing error={project.error} onAgain={() => void project.refetch()} />;
  const { data } = project;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 sm:p-6">
      <Header project={data} />
      {data.is_template ? null : (
        <ToggleGroup
          aria-label="What to show of the project"
          choices={PARTS}
          value={part}
          onChange={show}
          className="justify-self-start"
        />
      )}
      {data.is_template || part === "notes" ? (
        <Suspense>
          <ProjectNotes project={data} />
        </Suspense>
      ) : part === "numbers" ? (
        <Suspense>
          <ProjectAnalytics id={id} />
        </Suspense>
      ) : (
        <div>{pictures(data)}</div>
      )}
    </div>
  );
}

function Header({ project }: { project: ProjectOut }) {
  const { id, name, description, category, tags, is_archived, is_template, image_count } = project;
  const mayChange = useMayChange();
  return (
    <header className="grid gap-3">
      <Link
        to="/projects"
        className="inline-flex items-center gap-1 justify-self-start text-sm text-muted-foreground hover:text-foreground"
      >
        <ChevronLeft aria-hidden className="size-4" /> Projects
      </Link>
      <div className="flex flex-wrap items-start gap-4">
        <Cover project={project} className="size-20 shrink-0 rounded-xl border sm:size-28" />
        <div className="grid min-w-0 flex-1 basis-60 gap-2">
          <h2 className="text-2xl wrap-anywhere">
            <bdi>{name}</bdi>
          </h2>
          {description ? (
            <p dir="auto" className="max-w-prose text-muted-foreground wrap-anywhere">
              {description}
            </p>
          ) : null}
          <p className="flex flex-wrap items-center gap-2 text-sm text-muted-foreground">
            {is_template ? "Template" : formatCount(image_count, "picture")}
            {is_archived ? (
              <Badge kind="warning">
                <Archive aria-hidden /> Archived
              </Badge>
            ) : null}
            {category ? (
              <Badge kind="primary">
                <bdi>{category}</bdi>
              </Badge>
            ) : null}
            {tags.map((tag) => (
              <Badge key={tag}>
                <bdi>{tag}</bdi>
              </Badge>
            ))}
          </p>
        </div>
        <div className="flex gap-2">
          {is_archived || is_template || !mayChange ? null : (
            <Link to="/generate" search={{ project: id }} className={buttonVariants()}>
              <WandSparkles aria-hidden /> Generate
            </Link>
          )}
          <Suspense fallback={<span className="size-10" />}>
            {image_count > 0 ? <ExportButton source={() => ({ of: "project", id })} /> : null}
            {mayChange ? <ProjectMenu project={project} /> : null}
          </Suspense>
        </div>
      </div>
    </header>
  );
}

function Missing({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  if (error instanceof Problem && error.status === 404) {
    return (
      <EmptyState
        icon={FolderX}
        title="There is no such project"
        action={
          <Link to="/projects" className={buttonVariants({ variant: "secondary" })}>
            Go to Projects
          </Link>
        }
      >
        It may have been deleted. Its pictures are still in the library.
      </EmptyState>
    );
  }
  return (
    <div className="p-4 sm:p-6">
      <Alert
        kind="error"
        title="The project could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={onAgain}>
            Try again
          </Button>
        }
      >
        {reasonOf(error)}
      </Alert>
    </div>
  );
}
