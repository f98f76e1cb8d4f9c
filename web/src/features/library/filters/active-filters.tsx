import { X } from "lucide-react";
import { Button } from "@/ui/button";
import { cleared, type ImageFilter, type Narrowing, narrowedBy } from "../image-filter";
import { formatDay, formatPixels } from "./words";

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
              />,
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

function Chip({ word, onRemove }: { word: string; onRemove: () => void }) {
  return (
    <li className="flex h-8 max-w-64 items-center rounded-full bg-primary-soft pr-0.5 pl-3 text-sm text-primary-soft-foreground">
      <span className="truncate">{word}</span>
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

function wordFor(name: keyof Narrowing, filter: ImageFilter): string {
  const value = filter[name];
  switch (name) {
    case "favorite":
      return value ? "Favourites" : "No favourites";
    case "is_public":
      return value ? "Public" : "Private";
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
      return "In one collection";
    case "width_min":
    case "width_max":
    case "height_min":
    case "height_max":
      return formatPixels(name, Number(value));
    default:
      return String(value);
  }
}
