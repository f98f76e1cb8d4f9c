import { Link } from "@tanstack/react-router";
import { Archive, FolderOpen, LayoutTemplate } from "lucide-react";
import type { ProjectOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { formatAgo, formatCount } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { raisedCard } from "@/ui/card";

/** A project as a card: its cover, its name, how much is in it. */
export function ProjectCard({ project }: { project: ProjectOut }) {
  const { id, name, category, is_archived, is_template, image_count, updated_at } = project;
  return (
    <Link
      to="/projects/$id"
      params={{ id }}
      className={cn(
        "group block overflow-hidden rounded-xl border bg-card text-card-foreground shadow-card",
        raisedCard,
      )}
    >
      <Cover project={project} className="aspect-[4/3]" />
      <span className="grid gap-1 p-4">
        <bdi className="truncate font-semibold">{name}</bdi>
        <span className="flex items-center gap-2 text-sm text-muted-foreground">
          <span className="truncate">
            {is_template ? "Template" : formatCount(image_count, "picture")}
            {` · ${formatAgo(updated_at)}`}
          </span>
          {is_archived ? (
            <Badge className="ml-auto">
              <Archive aria-hidden /> Archived
            </Badge>
          ) : category ? (
            <Badge className="ml-auto min-w-0 shrink">
              <bdi className="truncate">{category}</bdi>
            </Badge>
          ) : null}
        </span>
      </span>
    </Link>
  );
}

type CoverProps = { project: Pick<ProjectOut, "cover_url" | "is_template">; className?: string };

/** The cover, or a sign where there is none. */
export function Cover({ project: { cover_url, is_template }, className }: CoverProps) {
  const Icon = is_template ? LayoutTemplate : FolderOpen;
  return (
    <span className={cn("grid place-items-center overflow-hidden bg-muted", className)}>
      {cover_url ? (
        <img
          src={cover_url}
          alt=""
          loading="lazy"
          draggable={false}
          className="size-full object-cover transition-transform duration-300 ease-studio group-hover:scale-[1.02]"
        />
      ) : (
        <Icon aria-hidden className="size-10 text-muted-foreground/60" />
      )}
    </span>
  );
}
