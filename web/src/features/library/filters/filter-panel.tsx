import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { listModelsOptions } from "@/api/@tanstack/react-query.gen";
import { ToggleGroup } from "@/ui/toggle-group";
import { type ImageFilter, type Narrowing, TAG_MODES } from "../image-filter";
import { FacetList } from "./facet-list";
import { type Facet, useFacet } from "./facets";
import { Group } from "./group";
import { PlaceFilter } from "./place-filter";
import { RatingFilter } from "./rating-filter";
import { SavedFilters } from "./saved-filters";
import { SizeFilter } from "./size-filter";
import { WhenFilter } from "./when-filter";

type FilterPanelProps = { filter: ImageFilter; onChange: (filter: ImageFilter) => void };

const MODES = { all: "All of these", any: "Any of these", none: "None of these" };

/** Every way to narrow the pictures, with what each would leave. */
export function FilterPanel({ filter, onChange }: FilterPanelProps) {
  const set = (change: Narrowing) => onChange({ ...filter, ...change });
  const favourites = useFacet(filter, "favorite");
  const publics = useFacet(filter, "is_public");
  const ratings = useFacet(filter, "rated", "rating");
  const tagFacets = useTags(filter);
  const modelNames = useModelNames();
  const { tags = [], tags_mode = "all" } = filter;
  const toggleTag = (tag: string) => {
    const next = tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag];
    set({
      tags: next.length > 0 ? next : undefined,
      ...(next.length === 0 && { tags_mode: undefined }),
    });
  };
  return (
    <div className="grid gap-5">
      <SavedFilters filter={filter} onChange={onChange} />
      <Group title="Favourites">
        <FacetList
          facets={countsOf(favourites, ["true", "false"])}
          chosen={filter.favorite === undefined ? [] : [String(filter.favorite)]}
          onToggle={(value) => set({ favorite: switched(filter.favorite, value === "true") })}
          labelOf={(value) => (value === "true" ? "Favourites only" : "No favourites")}
        />
      </Group>
      <Group title="Rating">
        <RatingFilter filter={filter} onChange={set} />
        <FacetList
          facets={countsOf(ratings, ["none"])}
          chosen={filter.rated === false ? ["none"] : []}
          onToggle={() => set({ rated: filter.rated === false ? undefined : false })}
          labelOf={() => "Not rated"}
        />
      </Group>
      <Group title="When">
        <WhenFilter filter={filter} onChange={set} />
      </Group>
      <PlaceFilter filter={filter} field="project_id" title="Project" onChange={set} />
      <PlaceFilter filter={filter} field="collection_id" title="Collection" onChange={set} />
      <One filter={filter} field="model" title="Model" onChange={set} names={modelNames} />
      <One filter={filter} field="provider" title="Provider" onChange={set} least={2} />
      <Tags>
        <FacetList
          facets={tagFacets}
          chosen={tags}
          onToggle={toggleTag}
          empty="No tags yet: choose pictures and press t."
        />
        {tags.length > 0 ? (
          <ToggleGroup
            aria-label="Which of the tags"
            choices={TAG_MODES.map((value) => ({ value, label: MODES[value].split(" ")[0] ?? "" }))}
            value={tags_mode}
            onChange={(mode) => set({ tags_mode: mode === "all" ? undefined : mode })}
            className="mt-2 w-full"
            itemClassName="flex-1"
          />
        ) : null}
      </Tags>
      <One filter={filter} field="aspect" title="Shape" onChange={set} names={capital} />
      <Group title="Size">
        <SizeFilter filter={filter} onChange={set} />
      </Group>
      <One filter={filter} field="operation" title="Made by" onChange={set} names={capital} />
      <Group title="Visibility">
        <FacetList
          facets={countsOf(publics, ["true", "false"])}
          chosen={filter.is_public === undefined ? [] : [String(filter.is_public)]}
          onToggle={(value) => set({ is_public: switched(filter.is_public, value === "true") })}
          labelOf={(value) => (value === "true" ? "Public" : "Private")}
        />
      </Group>
    </div>
  );
}

type OneProps = {
  filter: ImageFilter;
  field: "model" | "provider" | "aspect" | "operation";
  title: string;
  onChange: (change: Narrowing) => void;
  names?: (value: string) => string;
  /** Fewer values than this are no choice. */
  least?: number;
};

/** A field of which one value can be chosen. */
function One({ filter, field, title, onChange, names, least = 1 }: OneProps) {
  const facets = useFacet(filter, field);
  const value = filter[field];
  if (facets.length < least && value === undefined) return null;
  return (
    <Group title={title}>
      <FacetList
        facets={facets}
        chosen={value === undefined ? [] : [value]}
        onToggle={(next) => onChange({ [field]: next === value ? undefined : next })}
        {...(names && { labelOf: names })}
      />
    </Group>
  );
}

export const capital = (value: string) =>
  value.charAt(0).toUpperCase() + value.slice(1).replaceAll("-", " ");

export function useModelNames(): (id: string) => string {
  const { data } = useQuery(listModelsOptions());
  const names = new Map(data?.items.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

const switched = (before: boolean | undefined, next: boolean) =>
  before === next ? undefined : next;

function countsOf(facets: Facet[], values: string[]): Facet[] {
  return values.map((value) => ({
    value,
    count: facets.find((facet) => facet.value === value)?.count ?? 0,
  }));
}

/** What can still be chosen of tags depends on the mode: of all of them, those that go with the chosen ones. */
function useTags(filter: ImageFilter): Facet[] {
  const together = (filter.tags_mode ?? "all") === "all";
  const open = useFacet(filter, together ? "tags_mode" : "tags", "tags");
  return open;
}

function Tags({ children }: { children: ReactNode }) {
  return <Group title="Tags">{children}</Group>;
}
