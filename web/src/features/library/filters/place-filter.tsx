import type { ImageFilter, Narrowing } from "../image-filter";
import { FacetList } from "./facet-list";
import { useFacet } from "./facets";
import { Group } from "./group";
import { type PlaceField, PlaceName } from "./place-name";

type PlaceFilterProps = {
  filter: ImageFilter;
  field: PlaceField;
  title: string;
  onChange: (change: Narrowing) => void;
};

/** The projects, or the collections made by hand, with how many pictures each leaves. */
export function PlaceFilter({ filter, field, title, onChange }: PlaceFilterProps) {
  const facets = useFacet(filter, field);
  const value = filter[field];
  // In none is all there is: nothing to choose from.
  if (value === undefined && !facets.some((facet) => facet.value !== "none")) return null;
  return (
    <Group title={title}>
      <FacetList
        facets={facets}
        chosen={value === undefined ? [] : [value]}
        onToggle={(next) => onChange({ [field]: next === value ? undefined : next })}
        labelOf={(id) => <PlaceName field={field} id={id} />}
      />
    </Group>
  );
}
