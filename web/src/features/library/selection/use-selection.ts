/** The chosen pictures of a gallery, and the ways to choose: one by one, by range, by area, all. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { type ImageContext, toQuery } from "../image-filter";
import { fetchBetween, type ImageList, listKey } from "../image-lists";
import { publishChosen } from "./chosen-now";
import {
  EVERYTHING,
  includes,
  NOTHING,
  placesBetween,
  type Selection,
  sizeOf,
  toggled,
  withChosen,
} from "./selection";

/** So many pictures at most are fetched for a choice; the cache keeps more than that. */
const LONGEST_RANGE = 2_500;

const TOO_MANY = {
  kind: "info",
  title: `Choose at most ${LONGEST_RANGE} pictures one by one`,
  description: "For more, narrow the list by filters and choose all of it with Ctrl+A.",
} as const;

export type Choosing = ReturnType<typeof useSelection>;

/** `held` pictures at the beginning of the cached list are not in `list`. */
export function useSelection(list: ImageList | undefined, context: ImageContext, held = 0) {
  const client = useQueryClient();
  const [selection, setSelection] = useState<Selection>(NOTHING);
  /** Where a range begins. */
  const anchor = useRef<string | null>(null);
  const of = JSON.stringify(toQuery(context));
  const [chosenOf, setChosenOf] = useState(of);
  if (chosenOf !== of) {
    // Another list: what was chosen of the one before is not in view any more.
    setChosenOf(of);
    setSelection(NOTHING);
  }
  const size = sizeOf(selection, list?.total ?? 0);
  useEffect(() => {
    if (selection.every) return;
    return publishChosen([...selection.ids], () => setSelection(NOTHING));
  }, [selection]);

  /** The pictures from one place to another; those not there yet are fetched. */
  const imagesBetween = async (from: number, to: number): Promise<ImageOut[]> => {
    await fetchBetween(client, context, from + held, to + held + 1);
    const now = client.getQueryData<ImageList>(listKey(context));
    return (now?.items.slice(from + held, to + held + 1) ?? []).filter(
      (image) => image !== undefined,
    );
  };

  /** All that are chosen now, by their ids, but this one. */
  const allBut = async ({ id }: ImageOut) => {
    if (size > LONGEST_RANGE) return notify(TOO_MANY);
    try {
      const images = await imagesBetween(0, size - 1);
      const ids = images.map((image) => image.id).filter((one) => one !== id);
      setSelection(withChosen(NOTHING, ids, true));
    } catch (error) {
      notify({
        kind: "error",
        title: "The pictures could not be loaded",
        description: reasonOf(error),
      });
    }
  };

  return {
    selection,
    size,
    active: size > 0,
    includes: (id: string) => includes(selection, id),
    clear: () => setSelection(NOTHING),
    all: () => setSelection(EVERYTHING),
    only: (ids: Iterable<string>, base: Selection = NOTHING) =>
      setSelection(withChosen(base, ids, true)),
    toggle: (image: ImageOut) => {
      anchor.current = image.id;
      if (selection.every) void allBut(image);
      else setSelection((before) => toggled(before, image.id));
    },
    anchorAt: (image: ImageOut) => {
      anchor.current = image.id;
    },
    /** Chooses all from where a choice began to here. */
    rangeTo: async (index: number) => {
      const items = list?.items ?? [];
      const begin = items.findIndex((image) => image && image.id === anchor.current);
      const [from, to] = placesBetween(begin < 0 ? index : begin, index);
      if (to - from > LONGEST_RANGE) return notify(TOO_MANY);
      try {
        const images = await imagesBetween(from, to);
        if (begin < 0) anchor.current = items[index]?.id ?? null;
        setSelection((before) =>
          withChosen(
            before,
            images.map(({ id }) => id),
            true,
          ),
        );
      } catch (error) {
        notify({
          kind: "error",
          title: "The pictures in between could not be loaded",
          description: reasonOf(error),
        });
      }
    },
  };
}
