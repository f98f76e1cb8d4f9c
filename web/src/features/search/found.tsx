/** What the words find: pictures, projects and collections. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FolderOpen, Images, Search, SquareStack } from "lucide-react";
import { listCollections, listImages, listProjects } from "@/api/sdk.gen";
import { useRested } from "@/features/generation/estimate";
import { nameOf } from "@/features/library/image-page";
import { Thumbnail } from "@/features/library/thumbnail";
import { formatCount } from "@/lib/format";
import type { Command, CommandGroup } from "@/ui/command-dialog";

const FEWEST_LETTERS = 2;
const SHOWN = 5;

export type Found = { groups: CommandGroup[]; searching: boolean; failed: boolean };

export function useFound(text: string): Found {
  const navigate = useNavigate();
  const typed = text.trim();
  const q = useRested(typed.length >= FEWEST_LETTERS ? typed : "");
  const images = useWords("images", q, async (signal) => {
    const query = { q: asBegun(q), limit: SHOWN };
    return (await listImages({ query, signal, throwOnError: true })).data;
  });
  const query = { q, limit: SHOWN };
  const projects = useWords("projects", q, async (signal) => {
    return (await listProjects({ query, signal, throwOnError: true })).data;
  });
  const collections = useWords("collections", q, async (signal) => {
    return (await listCollections({ query, signal, throwOnError: true })).data;
  });
  if (typed.length < FEWEST_LETTERS) return { groups: [], searching: false, failed: false };
  const all = [images, projects, collections];
  const toImages: Command = {
    id: "search images",
    label: `Search all pictures for “${typed}”`,
    icon: Search,
    run: () => void navigate({ to: "/images", search: { q: typed } }),
  };
  const pictures = (images.data?.items ?? []).map((image) => ({
    id: `image ${image.id}`,
    label: nameOf(image),
    icon: Images,
    picture: (
      <span aria-hidden className="relative size-8 shrink-0 overflow-hidden rounded-md bg-muted">
        <Thumbnail image={image} sizes="32px" />
      </span>
    ),
    run: () => void navigate({ to: "/images/$id", params: { id: image.id } }),
  }));
  const groups = [
    { value: "Pictures", items: [...pictures, toImages] },
    {
      value: "Projects",
      items: (projects.data?.items ?? []).map(({ id, name, image_count }) => ({
        id: `project ${id}`,
        label: name,
        icon: FolderOpen,
        hint: formatCount(image_count, "picture"),
        run: () => void navigate({ to: "/projects/$id", params: { id } }),
      })),
    },
    {
      value: "Collections",
      items: (collections.data?.items ?? []).map(({ id, name, image_count }) => ({
        id: `collection ${id}`,
        label: name,
        icon: SquareStack,
        hint: formatCount(image_count, "picture"),
        run: () => void navigate({ to: "/collections/$id", params: { id } }),
      })),
    },
  ];
  return {
    groups,
    searching: q !== typed || all.some(({ isFetching }) => isFetching),
    failed: all.some(({ isError }) => isError),
  };
}

function useWords<Page>(what: string, q: string, ask: (signal: AbortSignal) => Promise<Page>) {
  return useQuery({
    queryKey: ["palette", what, q],
    queryFn: ({ signal }) => ask(signal),
    enabled: q !== "",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** The last word is still being written: it finds what begins so. What has signs of its own is left alone. */
export function asBegun(q: string): string {
  return /[\p{L}\p{N}]$/u.test(q) && !q.includes('"') ? `${q}*` : q;
}
