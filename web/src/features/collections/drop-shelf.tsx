import { useDroppable } from "@dnd-kit/core";
import { FolderOpen, SquareStack } from "lucide-react";
import { useProjectChoices } from "@/features/projects/projects";
import { cn } from "@/lib/cn";
import { useCollectionChoices } from "./collections";
import type { Place } from "./content-actions";

export type PlaceKind = Place["kind"];

const SIGN = "place:";
const ALL: readonly PlaceKind[] = ["collection", "project"];

const idOf = (place: Place) => SIGN + JSON.stringify(place);

/** The project or collection that a drop target stands for; null for any other. */
export function placeOf(id: string | number): Place | null {
  const text = String(id);
  return text.startsWith(SIGN) ? (JSON.parse(text.slice(SIGN.length)) as Place) : null;
}

type DropShelfProps = { apartFrom?: string; kinds?: readonly PlaceKind[] };

/** While something is dragged: the projects and collections that it can be put into. */
export function DropShelf({ apartFrom, kinds = ALL }: DropShelfProps) {
  const projects = useProjectChoices();
  const collections = useCollectionChoices();
  const every: Place[] = [
    ...(collections.data?.items
      .filter(({ id, filter }) => id !== apartFrom && filter === null)
      .map(({ id, name }) => ({ kind: "collection", id, name }) as const) ?? []),
    ...(projects.data?.items.map(({ id, name }) => ({ kind: "project", id, name }) as const) ?? []),
  ];
  const places = every.filter(({ kind }) => kinds.includes(kind));
  if (places.length === 0) return null;
  return (
    <aside
      aria-label="Put it into"
      className="fixed inset-x-3 bottom-[calc(4rem+env(safe-area-inset-bottom))] z-40 rounded-xl border bg-popover/95 p-3 text-popover-foreground shadow-overlay backdrop-blur md:bottom-3 md:left-60"
    >
      <p className="mb-2 text-xs font-medium text-muted-foreground">
        {kinds.length > 1
          ? "Drop on a collection to add, on a project to move"
          : "Drop on a project to move"}
      </p>
      <ul className="flex gap-2 overflow-x-auto pb-1">
        {places.map((place) => (
          <Target key={place.id} place={place} />
        ))}
      </ul>
    </aside>
  );
}

function Target({ place }: { place: Place }) {
  const { setNodeRef, isOver } = useDroppable({ id: idOf(place) });
  const Icon = place.kind === "project" ? FolderOpen : SquareStack;
  return (
    <li
      ref={setNodeRef}
      className={cn(
        "flex h-12 max-w-52 min-w-32 shrink-0 items-center gap-2 rounded-lg border px-3 text-sm font-medium transition-colors",
        isOver ? "border-primary bg-primary-soft text-primary-soft-foreground" : "bg-background",
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      <bdi className="truncate">{place.name}</bdi>
    </li>
  );
}
