import { useRouter } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import type { ImageContext } from "../image-filter";
import { leaveGrid } from "./grid-position";
import type { TileHost } from "./grid-tile";

type Parts = { context: ImageContext } & Pick<TileHost, "move" | "focused">;

/** What the tiles need; the object stays the same as long as the list does. */
export function useTileHost({ context, move, focused }: Parts): TileHost {
  const router = useRouter();
  const latest = useRef({ move, focused });
  latest.current = { move, focused };
  return useMemo(() => {
    const target = (id: string) =>
      ({ to: "/images/$id", params: { id }, search: context }) as const;
    const place = "00000000-0000-0000-0000-000000000000";
    const [head = "", tail = ""] = router.buildLocation(target(place)).href.split(place);
    return {
      hrefOf: ({ id }) => router.history.createHref(head + id + tail),
      open: ({ id }, event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
          return;
        event.preventDefault();
        leaveGrid(router.history.location.state.__TSR_index, id);
        void router.navigate({ ...target(id), state: { fromGrid: true } });
      },
      prepare: ({ id }) => void router.preloadRoute(target(id)).catch(() => undefined),
      move: (image) => latest.current.move(image),
      focused: (image) => latest.current.focused(image),
    };
  }, [router, context]);
}
