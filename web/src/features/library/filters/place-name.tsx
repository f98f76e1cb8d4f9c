/** Projects and collections that a filter names by their ids, in words. */
import { useQuery } from "@tanstack/react-query";
import {
  getCollectionOptions,
  getProjectOptions,
  listCollectionsOptions,
  listProjectsOptions,
} from "@/api/@tanstack/react-query.gen";
import { Problem } from "@/lib/problem";

export type PlaceField = "project_id" | "collection_id";

const MOST = 100;
const WORDS = {
  project_id: { none: "In no project", gone: "A deleted project", coming: "A project" },
  collection_id: { none: "In no collection", gone: "A deleted collection", coming: "A collection" },
};

/** The name of a project or collection; `gone` where there is none of this id any more. */
export function usePlace(field: PlaceField, id: string): { name: string; gone: boolean } {
  const project = field === "project_id";
  const named = id !== "none";
  const list = { limit: MOST, sort: "name" } as const;
  const projects = useQuery({
    ...listProjectsOptions({ query: list }),
    enabled: named && project,
    staleTime: 60_000,
  });
  const collections = useQuery({
    ...listCollectionsOptions({ query: list }),
    enabled: named && !project,
    staleTime: 60_000,
  });
  const known = (project ? projects : collections).data?.items.find((one) => one.id === id);
  // One that is not among those on offer: archived, of a long list, or gone.
  const alone = named && !known && (project ? projects : collections).isFetched;
  const path = { path: { id } };
  const oneProject = useQuery({ ...getProjectOptions(path), enabled: alone && project });
  const oneCollection = useQuery({ ...getCollectionOptions(path), enabled: alone && !project });
  const { data, error } = project ? oneProject : oneCollection;
  const words = WORDS[field];
  const gone = alone && error instanceof Problem && error.status === 404;
  if (!named) return { name: words.none, gone: false };
  return { name: known?.name ?? data?.name ?? (gone ? words.gone : words.coming), gone };
}

export function PlaceName({ field, id }: { field: PlaceField; id: string }) {
  return <bdi>{usePlace(field, id).name}</bdi>;
}
