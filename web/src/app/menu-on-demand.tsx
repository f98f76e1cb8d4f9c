import { cloneElement, lazy, type ReactElement, Suspense, useState } from "react";

const load = () => import("./menus");
const MENUS = {
  theme: lazy(() => load().then((module) => ({ default: module.ThemeMenu }))),
  pages: lazy(() => load().then((module) => ({ default: module.PagesMenu }))),
  user: lazy(() => load().then((module) => ({ default: module.UserMenu }))),
};

type TriggerProps = {
  onPointerEnter?: () => void;
  onFocus?: () => void;
  onClick?: () => void;
  "aria-haspopup"?: "menu";
};

/** A button whose menu is fetched when the pointer or the focus comes near, and opens with the first press. */
export function MenuOnDemand({
  menu,
  trigger,
}: {
  menu: keyof typeof MENUS;
  trigger: ReactElement<TriggerProps>;
}) {
  const [wanted, setWanted] = useState(false);
  const waiting = cloneElement(trigger, {
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => setWanted(true),
    "aria-haspopup": "menu",
  });
  if (!wanted) return waiting;
  const Loaded = MENUS[menu];
  return (
    <Suspense fallback={waiting}>
      <Loaded trigger={trigger} />
    </Suspense>
  );
}
