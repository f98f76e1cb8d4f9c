import { X } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { Button } from "@/ui/button";
import { cleared, type ImageFilter, type Narrowing, narrowedBy } from "../image-filter";
import { formatDay, formatPixels } from "./words";

const PlaceName = lazy(() =>
  import("./place-name").then((module) => ({ default: module.PlaceName })),
);

type ActiveFiltersProps = { filter: ImageFilter; onChange: (filter: ImageFilter) => void };

/** What narrows the list, each with a way to take it back. */
export function ActiveFilters({ filter, onChange }: ActiveFiltersProps) {
  const names = narrowedBy(filter).filter((name) => name !== "q");
  if (names.length === 0) return null;
  const without = (change: Narrowing) => onChange({ ...filter, ...change });
  return (
    <ul aria-label="Active filters" className="flex flex-wrap items-center gap-1.5">
      {names.flatMap((name) =>
        name === "tags"
          ? (filter.tags ?? []).map((tag) => {
              const left = filter.tags?.filter((one) => one !== tag) ?? [];
              const word = filter.tags_mode === "none" ? `not ${tag}` : `#${tag}`;
              const change =
                left.length > 0 ? { tags: left } : { tags: undefined, tags_mode: undefined };
              return <Chip key={`tag ${tag}`} word={word} onRemove={() => without(change)} />;
            })
          : [
              <Chip
                key={name}
                word={wordFor(name, filter)}
                onRemove={() => without({ [name]: undefined })}
              >
                {placeFor(name, filter)}
              </Chip>,
            ],
      )}
      <li>
        <Button variant="ghost" size="sm" onClick={() => onChange(cleared(filter))}>
          Clear all
        </Button>
      </li>
    </ul>
  );
}

type ChipProps = { word: string; onRemove: () => void; children?: ReactNode };

function Chip({ word, onRemove, children }: ChipProps) {
  return (
    <li className="flex h-8 max-w-64 items-center rounded-full bg-primary-soft pr-0.5 pl-3 text-sm text-primary-soft-foreground">
      <span className="truncate">{children ?? word}</span>
      <button
        type="button"
        aria-label={`Remove the filter ${word}`}
        onClick={onRemove}
        className="ml-1 grid size-7 shrink-0 place-items-center rounded-full hover:bg-foreground/10"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </li>
  );
}

/** The name of a project or a collection, which comes when it is known. */
function placeFor(name: keyof Narrowing, filter: ImageFilter): ReactNode {
  if (name !== "project_id" && name !== "collection_id") return null;
  return (
    <Suspense fallback={wordFor(name, filter)}>
      <PlaceName field={name} id={String(filter[name])} />
    </Suspense>
  );
}

function wordFor(name: keyof Narrowing, filter: ImageFilter): string {
  const value = filter[name];
  switch (name) {
    case "favorite":
      return value ? "Favourites" : "No favourites";
    case "is_public":
      return value ? "Public" : "Private";
    case "rated":
      return value ? "Rated" : "Not rated";
    case "rating_min":
      return `${value} stars or more`;
    case "rating_max":
      return `${value} stars or fewer`;
    case "from":
      return `From ${formatDay(String(value))}`;
    case "to":
      return `Until ${formatDay(String(value))}`;
    case "project_id":
      return value === "none" ? "In no project" : "In one project";
    case "collection_id":
      return value === "none" ? "In no collection" : "In one collection";
    case "width_min":
    case "width_max":
    case "height_min":
    case "height_max":
      return formatPixels(name, Number(value));
    default:
      return String(value);
  }
}
