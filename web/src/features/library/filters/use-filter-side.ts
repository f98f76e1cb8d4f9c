/** Whether the filters are in view: at the side as last left in this browser, on a phone when called. */
import { useState, useSyncExternalStore } from "react";
import { useStored } from "@/lib/stored";

/** From this width on there is room at the side. */
const WIDE = 1024;
/** From this width on they are there until they are put away. */
const VERY_WIDE = 1400;

function watchWidth(listener: () => void) {
  addEventListener("resize", listener);
  return () => removeEventListener("resize", listener);
}

export function useFilterSide() {
  const wide = useSyncExternalStore(watchWidth, () => innerWidth >= WIDE);
  const roomy = useSyncExternalStore(watchWidth, () => innerWidth >= VERY_WIDE);
  const [stored, store] = useStored("gallery-filters");
  const [called, setCalled] = useState(false);
  const beside = stored === null ? roomy : stored === "open";
  const open = wide ? beside : called;
  const show = (next: boolean) => (wide ? store(next ? "open" : "closed") : setCalled(next));
  return { wide, open, show };
}
