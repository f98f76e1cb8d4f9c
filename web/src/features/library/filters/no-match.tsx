import { FolderX, SearchX } from "lucide-react";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { cleared, type ImageFilter } from "../image-filter";
import { type PlaceField, usePlace } from "./place-name";

type NoMatchProps = { filter: ImageFilter; onChange: (filter: ImageFilter) => void };

/** That no picture matches, and why, where a project or a collection is gone. */
export function NoMatch({ filter, onChange }: NoMatchProps) {
  const project = usePlace("project_id", filter.project_id ?? "none");
  const collection = usePlace("collection_id", filter.collection_id ?? "none");
  if (project.gone) return <Gone field="project_id" filter={filter} onChange={onChange} />;
  if (collection.gone) return <Gone field="collection_id" filter={filter} onChange={onChange} />;
  return (
    <EmptyState
      icon={SearchX}
      title="No picture is like that"
      action={
        <Button variant="secondary" onClick={() => onChange(cleared(filter))}>
          Clear filters
        </Button>
      }
    >
      Nothing in your library matches these words and filters together. Take one back, or look for
      fewer words.
    </EmptyState>
  );
}

function Gone({ field, filter, onChange }: NoMatchProps & { field: PlaceField }) {
  const word = field === "project_id" ? "project" : "collection";
  return (
    <EmptyState
      icon={FolderX}
      title={`This ${word} is gone`}
      action={
        <Button variant="secondary" onClick={() => onChange({ ...filter, [field]: undefined })}>
          {`Show pictures of every ${word}`}
        </Button>
      }
    >
      {`The ${word} that this list is narrowed by was deleted. Pictures that were in it are still in the library.`}
    </EmptyState>
  );
}
