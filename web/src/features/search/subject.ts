/** Which pictures a command is about: the chosen ones, else the one that has the focus, the pointer or the page. */
import { chosenNow } from "@/features/library/selection/chosen-now";

const PICTURE = "[data-image]";
const PAGE = /\/images\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/;

export type Subject = { ids: readonly string[]; chosen: boolean };

export function subjectNow(path = location.pathname): Subject {
  const chosen = chosenNow().ids;
  if (chosen.length > 0) return { ids: chosen, chosen: true };
  const focused = document.activeElement;
  // A map of pictures keeps the focus itself, and names the one that the keys are at.
  const active = document.getElementById(focused?.getAttribute("aria-activedescendant") ?? "");
  const one =
    pictureAt(active) ??
    pictureAt(focused) ??
    pictureAt(document.querySelector(`${PICTURE}:hover`)) ??
    PAGE.exec(path)?.[1];
  return { ids: one ? [one] : [], chosen: false };
}

function pictureAt(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>(PICTURE)?.dataset.image;
}
