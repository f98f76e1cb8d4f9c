/** What can be done with the pictures that a command is about. */
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Brush,
  Columns2,
  Download,
  Expand,
  Heart,
  Image as ImageIcon,
  Lasso,
  Network,
  PencilLine,
  Repeat,
  RotateCcw,
  Settings2,
  SlidersHorizontal,
  Trash2,
  WandSparkles,
} from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import { creditsText } from "@/features/catalogue/models";
import { FEWEST, MOST } from "@/features/iteration/compare-search";
import { priceQuery } from "@/features/iteration/price";
import { QUICK, useMake } from "@/features/iteration/quick";
import { changeImages } from "@/features/library/actions/change-images";
import { findImage, imageQuery } from "@/features/library/image-lists";
import { nameOf } from "@/features/library/image-page";
import { chosenNow } from "@/features/library/selection/chosen-now";
import { useMayChange } from "@/features/workspaces/acting";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import type { Command, CommandGroup } from "@/ui/command-dialog";
import type { Subject } from "./subject";

/** Something is made of so many pictures at once; for more there are batches. */
const MOST_MADE = 20;

/** The group of commands about the pictures; undefined where there are none. */
export function usePictureCommands({ ids, chosen }: Subject): CommandGroup | undefined {
  const client = useQueryClient();
  const mayChange = useMayChange();
  const [first = ""] = ids;
  const single = ids.length === 1;
  const { data: image } = useQuery({
    ...imageQuery(first),
    enabled: single,
    placeholderData: () => findImage(client, first),
  });
  const makes = useMakeCommands(
    mayChange && !image?.deleted_at ? ids : [],
    single && image ? nameOf(image) : undefined,
  );
  const changes = useChangeCommands(ids, single ? image : undefined, chosen);
  const places = usePlaceCommands(single ? image : undefined, ids);
  if (ids.length === 0 || (single && !image)) return undefined;
  const value =
    single && image ? `With “${nameOf(image)}”` : `With ${formatCount(ids.length, "picture")}`;
  return { value, items: [...makes, ...places, ...(mayChange ? changes : [])] };
}

function useMakeCommands(ids: readonly string[], name?: string): Command[] {
  const make = useMake();
  const wanted = ids.length <= MOST_MADE ? ids : [];
  const asked = QUICK.flatMap((quick) => wanted.map((id) => priceQuery(id, quick.price)));
  const prices = useQueries({ queries: asked });
  if (wanted.length === 0) return [];
  return QUICK.map((quick, index) => {
    const mine = prices.slice(index * wanted.length, (index + 1) * wanted.length);
    const refusal = mine.find(({ error }) => error)?.error;
    const known = mine.every(({ data }) => data);
    const sum = mine.reduce((total, { data }) => total + (data?.credits ?? 0), 0);
    return {
      id: `make ${quick.wish.operation}`,
      label: quick.label,
      icon: quick.icon,
      hint: refusal ? reasonOf(refusal) : known ? creditsText(sum) : undefined,
      disabled: Boolean(refusal),
      run: () => void make(quick, wanted, name),
    };
  });
}

const TOOLS = [
  ["remix", "Remix…", PencilLine],
  ["tweak", "Tweak…", Settings2],
  ["image-to-image", "Paint over…", Brush],
  ["edit", "Edit: crop, turn, light…", SlidersHorizontal],
] as const;

function usePlaceCommands(image: ImageOut | undefined, ids: readonly string[]): Command[] {
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const compare = (which: readonly string[], label: string): Command => ({
    id: "compare",
    label,
    icon: Columns2,
    run: () => void navigate({ to: "/compare", search: { ids: which.join(",") } }),
  });
  if (!image) {
    const comparable = ids.length >= FEWEST && ids.length <= MOST;
    return comparable ? [compare(ids, "Compare them")] : [];
  }
  const { id, parent_image_id: parent, deleted_at } = image;
  const params = { id };
  const makes: Command[] = [
    ...TOOLS.map(([tool, label, icon]) => ({
      id: `tool ${tool}`,
      label,
      icon,
      run: () => void navigate({ to: "/images/$id", params, state: { tool } }),
    })),
    {
      id: "inpaint",
      label: "Change a part…",
      icon: Lasso,
      run: () => void navigate({ to: "/images/$id/inpaint", params }),
    },
    {
      id: "outpaint",
      label: "Extend…",
      icon: Expand,
      run: () => void navigate({ to: "/images/$id/outpaint", params }),
    },
    {
      id: "replay",
      label: "Replay this branch…",
      icon: Repeat,
      run: () => void navigate({ to: "/images/$id/tree", params, state: { replay: id } }),
    },
    {
      id: "settings",
      label: "Use these settings",
      icon: WandSparkles,
      run: () => void navigate({ to: "/generate", search: { from: id } }),
    },
  ];
  return [
    ...(mayChange && !deleted_at ? makes : []),
    {
      id: "open",
      label: "Open the picture",
      icon: ImageIcon,
      run: () => void navigate({ to: "/images/$id", params }),
    },
    {
      id: "tree",
      label: "Family tree",
      icon: Network,
      run: () => void navigate({ to: "/images/$id/tree", params }),
    },
    ...(parent ? [compare([parent, id], "Compare with parent")] : []),
    {
      id: "download",
      label: "Download",
      icon: Download,
      run: () => location.assign(image.download_url),
    },
  ];
}

function useChangeCommands(
  ids: readonly string[],
  image: ImageOut | undefined,
  chosen: boolean,
): Command[] {
  const client = useQueryClient();
  const target = { ids: [...ids] };
  const trashed = Boolean(image?.deleted_at);
  const favourites = ids.every((id) => findImage(client, id)?.is_favorite);
  const move = (kind: "delete" | "restore") => {
    // They leave the list that they are chosen in.
    if (chosen) chosenNow().clear();
    void changeImages(client, target, { kind });
  };
  if (trashed)
    return [
      {
        id: "restore",
        label: "Restore from the trash",
        icon: RotateCcw,
        run: () => move("restore"),
      },
    ];
  return [
    {
      id: "favourite",
      label: favourites ? "No favourite any more" : "Make a favourite",
      icon: Heart,
      keys: "f",
      run: () => void changeImages(client, target, { kind: "favorite", favorite: !favourites }),
    },
    {
      id: "trash",
      label: "Move to the trash",
      icon: Trash2,
      keys: "delete",
      run: () => move("delete"),
    },
  ];
}
