/** How many pictures there are of each kind, for the filter at hand. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { imageFacets } from "@/api/sdk.gen";
import { type ImageContext, type Narrowing, toWanted } from "../image-filter";

export const FACETS = "image-facets";

export type Facet = { value: string; count: number };

export function facetsQuery(context: ImageContext) {
  const query = toWanted(context);
  return {
    queryKey: [FACETS, query] as const,
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      (await imageFacets({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  };
}

/** The values of one field with their counts; a field that is narrowed by counts what it would be without. */
export function useFacet(
  context: ImageContext,
  field: keyof Narrowing,
  facet: string = field,
): Facet[] {
  const open = { ...context, [field]: undefined };
  const { data } = useQuery(facetsQuery(open));
  return Object.entries(data?.[facet] ?? {}).map(([value, count]) => ({ value, count }));
}
