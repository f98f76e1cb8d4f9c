import { lazy, Suspense, useEffect, useState } from "react";
import type { MenuAnchor } from "@/ui/menu";

const load = () => import("./quick-menu").then((module) => ({ default: module.QuickMenu }));
const QuickMenu = lazy(load);

type Asked = { id: string; anchor: MenuAnchor; from: HTMLElement | null };

const PICTURE = "[data-image]";
const BUTTON = "[data-image-menu]";
/** Places where a finger that rests has a meaning of its own: it chooses, or drags. */
const HELD = "[data-held]";
const LONG_MS = 500;
/** A finger that moves further than this scrolls. */
const STILL = 10;

/**
 * One menu for every picture of the studio. A place says by `data-image` which picture it shows; the menu comes with a
 * right click, the menu key, a finger that rests, and a press on what has `data-image-menu`.
 */
export function QuickActions() {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    const ask = (from: Element, anchor: MenuAnchor) => {
      const place = from.closest<HTMLElement>(PICTURE);
      const id = place?.dataset.image;
      if (id) setAsked({ id, anchor, from: focusAfter(place) });
    };
    return listen(ask);
  }, []);
  return asked ? (
    <Suspense>
      <QuickMenu {...asked} key={asked.id} onClose={() => setAsked(null)} />
    </Suspense>
  ) : null;
}

function listen(ask: (from: Element, anchor: MenuAnchor) => void): () => void {
  let resting: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | null = null;
  let opened = false;
  const stop = () => {
    if (resting) clearTimeout(resting.timer);
    resting = null;
  };
  const onMenu = (event: MouseEvent) => {
    const from = activeIn(elementOf(event));
    const picture = from?.closest(PICTURE);
    if (!from || !picture || event.defaultPrevented || event.shiftKey) return;
    const touch = (event as PointerEvent).pointerType === "touch";
    if (touch && from.closest(HELD)) return;
    event.preventDefault();
    // Where the system does not tell of a resting finger, the timer does.
    if (touch && opened) return;
    stop();
    opened = touch;
    // By key there is no point: it opens at the picture.
    ask(from, event.button === 2 || touch ? pointAt(event) : placeOf(from));
  };
  const onDown = (event: PointerEvent) => {
    opened = false;
    stop();
    const from = elementOf(event);
    if (event.pointerType !== "touch" || !from?.closest(PICTURE)) return;
    if (from.closest(HELD) || from.closest(BUTTON)) return;
    void load();
    const timer = setTimeout(() => {
      resting = null;
      opened = true;
      ask(from, pointAt(event));
    }, LONG_MS);
    resting = { timer, x: event.clientX, y: event.clientY };
  };
  const onMove = (event: PointerEvent) => {
    if (resting && Math.hypot(event.clientX - resting.x, event.clientY - resting.y) > STILL) stop();
  };
  const onClick = (event: MouseEvent) => {
    const from = elementOf(event);
    const button = from?.closest(BUTTON);
    if (button) {
      event.preventDefault();
      ask(button, placeOf(button));
    } else if (opened && from?.closest(PICTURE)) {
      // The finger is lifted: that is no tap.
      event.preventDefault();
      event.stopPropagation();
    }
    opened = false;
  };
  const onOver = (event: PointerEvent) => {
    if (elementOf(event)?.closest(BUTTON)) void load();
  };
  const end = new AbortController();
  const { signal } = end;
  document.addEventListener("contextmenu", onMenu, { signal });
  document.addEventListener("pointerdown", onDown, { signal, passive: true });
  document.addEventListener("pointermove", onMove, { signal, passive: true });
  document.addEventListener("pointerup", stop, { signal, passive: true });
  document.addEventListener("pointercancel", stop, { signal, passive: true });
  document.addEventListener("pointerover", onOver, { signal, passive: true });
  document.addEventListener("click", onClick, { signal, capture: true });
  return () => {
    stop();
    end.abort();
  };
}

const elementOf = ({ target }: Event) => (target instanceof Element ? target : null);

/** A map of pictures keeps the focus itself and names the one that the keys are at: that one is meant. */
const activeIn = (element: Element | null) =>
  document.getElementById(element?.getAttribute("aria-activedescendant") ?? "") ?? element;

/** Where an element is now: buttons that show while a picture is pointed at are gone once the menu is there. */
function placeOf(element: Element): MenuAnchor {
  const place = element.getBoundingClientRect();
  return { getBoundingClientRect: () => place };
}

/** What gets the focus when the menu is left: what had it, or the picture. */
function focusAfter(place: HTMLElement): HTMLElement | null {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused !== document.body && !focused.closest(BUTTON))
    return focused;
  return place.querySelector("a");
}

/** A place of no size where the pointer is. */
function pointAt({ clientX, clientY }: MouseEvent): MenuAnchor {
  return { getBoundingClientRect: () => new DOMRect(clientX, clientY, 0, 0) };
}
