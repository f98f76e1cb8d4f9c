import { useRouter } from "@tanstack/react-router";
import { type MouseEvent, useMemo, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import type { ImageContext } from "../image-filter";
import { leaveGrid } from "./grid-position";
import type { TileHost } from "./tile-host";

type Asked = Pick<TileHost, "move" | "favourite" | "focused" | "choose"> & {
  /** Whether a plain click chooses instead of opening. */
  choosing: () => boolean;
};

type Parts = { context: ImageContext; asked: Asked };

/** What the tiles need; the object stays the same as long as the list does. */
export function useTileHost({ context, asked }: Parts): TileHost {
  const router = useRouter();
  const latest = useRef(asked);
  latest.current = asked;
  const canFavour = asked.favourite !== undefined;
  return useMemo(() => {
    const target = (id: string) =>
      ({ to: "/images/$id", params: { id }, search: context }) as const;
    const place = "00000000-0000-0000-0000-000000000000";
    const [head = "", tail = ""] = router.buildLocation(target(place)).href.split(place);
    const open = ({ id }: ImageOut) => {
      leaveGrid(router.history.location.state.__TSR_index, id);
      void router.navigate({ ...target(id), state: { fromGrid: true } });
    };
    return {
      hrefOf: ({ id }) => router.history.createHref(head + id + tail),
      press: (image, index, event: MouseEvent) => {
        if (event.button !== 0) return;
        const keys = event.metaKey || event.ctrlKey || event.shiftKey;
        // A click by the Enter key opens, whatever is chosen.
        const byMouse = event.detail > 0;
        if (event.altKey || (keys && !byMouse)) return;
        event.preventDefault();
        if (byMouse && (keys || latest.current.choosing()))
          latest.current.choose(image, index, event.shiftKey);
        else open(image);
      },
      choose: (image, index, range) => latest.current.choose(image, index, range),
      prepare: ({ id }) => void router.preloadRoute(target(id)).catch(() => undefined),
      move: (image) => latest.current.move(image),
      favourite: canFavour ? (image) => latest.current.favourite?.(image) : undefined,
      focused: (index) => latest.current.focused(index),
    };
  }, [router, context, canFavour]);
}
