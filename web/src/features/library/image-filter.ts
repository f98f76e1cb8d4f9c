/** Which pictures a list shows: what stands in the address, and what the API is asked. */
import type { ListImagesData } from "@/api/types.gen";
import { dayOf, endOf, isDay, startOf } from "./days";
import type { Density, Look } from "./grid/arrangement";
import { readView } from "./grid/view";

export const ASPECTS = ["square", "landscape", "portrait"] as const;
export type Aspect = (typeof ASPECTS)[number];

export const SORTS = ["created", "name", "rating", "likes", "model", "size"] as const;
export type Sort = (typeof SORTS)[number];

export const TAG_MODES = ["all", "any", "none"] as const;
export type TagMode = (typeof TAG_MODES)[number];

const BOUNDS = ["width_min", "width_max", "height_min", "height_max"] as const;
export type Bound = (typeof BOUNDS)[number];

/** What narrows a list, by the names of the API; `from` and `to` are days of the reader's clock. */
export type Narrowing = {
  q?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  project_id?: string | undefined;
  collection_id?: string | undefined;
  tags?: string[] | undefined;
  tags_mode?: "any" | "none" | undefined;
  favorite?: boolean | undefined;
  rated?: boolean | undefined;
  rating_min?: number | undefined;
  rating_max?: number | undefined;
  aspect?: Aspect | undefined;
  operation?: string | undefined;
  is_public?: boolean | undefined;
  from?: string | undefined;
  to?: string | undefined;
} & Partial<Record<Bound, number | undefined>>;

/** As in the address: `/images?aspect=portrait&from=2026-11-01&sort=rating`. */
export type ImageFilter = Narrowing & {
  sort?: Exclude<Sort, "created"> | undefined;
  order?: "asc" | undefined;
  /** How the pictures look, where that is not as last chosen. */
  view?: Look | undefined;
  size?: Density | undefined;
};

/** The list that a picture was opened from: a filter of the library, or the trash. */
export type ImageContext = ImageFilter & { trash?: true | undefined };

export type ListQuery = Omit<NonNullable<ListImagesData["query"]>, "limit" | "cursor" | "count">;

const WORDS = 500;
const NAME = 200;
const MOST_TAGS = 20;
const MOST_PIXELS = 1_000_000;

/** Takes from an address what it knows, and drops the rest. */
export function readFilter(search: Record<string, unknown>): ImageFilter {
  // What is not named here would be kept as it stands in the address.
  return {
    ...readNarrowing(search),
    sort: SORTS.find((name): name is Exclude<Sort, "created"> =>
      name === "created" ? false : name === search.sort,
    ),
    order: search.order === "asc" ? "asc" : undefined,
    ...readView(search),
  };
}

/** The part of a filter that leaves pictures out; saved filters are of this kind. */
export function readNarrowing(search: Record<string, unknown>): Narrowing {
  const tags = Array.isArray(search.tags) ? search.tags.filter((tag) => wordOf(tag, NAME)) : [];
  const bounds = BOUNDS.map((name) => [name, numberOf(search[name], MOST_PIXELS)] as const);
  return {
    q: wordOf(search.q, WORDS),
    model: wordOf(search.model, NAME),
    provider: wordOf(search.provider, NAME),
    project_id: idOf(search.project_id) ?? (search.project_id === "none" ? "none" : undefined),
    collection_id:
      idOf(search.collection_id) ?? (search.collection_id === "none" ? "none" : undefined),
    tags: tags.length > 0 ? tags.slice(0, MOST_TAGS) : undefined,
    tags_mode:
      search.tags_mode === "any" || search.tags_mode === "none" ? search.tags_mode : undefined,
    favorite: typeof search.favorite === "boolean" ? search.favorite : undefined,
    rated: typeof search.rated === "boolean" ? search.rated : undefined,
    rating_min: numberOf(search.rating_min, 5),
    rating_max: numberOf(search.rating_max, 5),
    aspect: ASPECTS.find((name) => name === search.aspect),
    operation: wordOf(search.operation, 50),
    is_public: typeof search.is_public === "boolean" ? search.is_public : undefined,
    from: isDay(search.from) ? search.from : undefined,
    to: isDay(search.to) ? search.to : undefined,
    ...Object.fromEntries(bounds),
  };
}

export function readContext(search: Record<string, unknown>): ImageContext {
  return { ...readFilter(search), trash: search.trash === true ? true : undefined };
}

/** The names of what a filter narrows by. */
export function narrowedBy(filter: ImageFilter): (keyof Narrowing)[] {
  return (Object.entries(readNarrowing(filter)) as [keyof Narrowing, unknown][])
    .filter(([name, value]) => name !== "tags_mode" && value !== undefined)
    .map(([name]) => name);
}

/** Whether the filter leaves pictures out. */
export const narrows = (filter: ImageFilter): boolean => narrowedBy(filter).length > 0;

/** The filter without what narrows it: order and look stay. */
export const cleared = ({ sort, order, view, size }: ImageFilter): ImageFilter => ({
  sort,
  order,
  view,
  size,
});

/** What the API is asked for the pictures that a filter means, in no certain order. */
export function toWanted(filter: ImageContext): ListQuery {
  const { from, to, ...rest } = readNarrowing(filter);
  return {
    ...defined(rest),
    ...(from && { created_from: startOf(from).toISOString() }),
    ...(to && { created_to: endOf(to).toISOString() }),
    ...(filter.trash && { trashed: true }),
  };
}

export function toQuery(filter: ImageContext): ListQuery {
  return { ...toWanted(filter), ...defined({ sort: filter.sort, order: filter.order }) };
}

/** The filter that a saved one means, as it stands in the address. */
export function fromWanted(wanted: Record<string, unknown>): Narrowing {
  const day = (moment: unknown) =>
    typeof moment === "string" && !Number.isNaN(Date.parse(moment))
      ? dayOf(new Date(moment))
      : undefined;
  return readNarrowing({ ...wanted, from: day(wanted.created_from), to: day(wanted.created_to) });
}

function defined<Fields extends object>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}

function wordOf(value: unknown, longest: number): string | undefined {
  // An address may hold a word of digits as a number.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" && text.length <= longest
    ? text
    : undefined;
}

function idOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined;
}

function numberOf(value: unknown, most: number): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) return undefined;
  return number >= 1 && number <= most ? number : undefined;
}
