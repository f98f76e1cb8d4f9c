/** The look of what floats above the page: menus, selects, popovers, tooltips, dialogs. */
export const popupStyle =
  "z-50 origin-[var(--transform-origin)] rounded-xl border border-border bg-popover text-popover-foreground shadow-overlay outline-none transition-[opacity,scale] duration-200 ease-studio data-ending-style:scale-[0.97] data-ending-style:opacity-0 data-starting-style:scale-[0.97] data-starting-style:opacity-0";

export const itemStyle =
  "flex min-h-9 cursor-default items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none data-disabled:pointer-events-none data-disabled:opacity-50 data-highlighted:bg-accent data-highlighted:text-accent-foreground [&_svg]:size-4 [&_svg]:shrink-0";

export const backdropStyle =
  "fixed inset-0 z-40 bg-backdrop backdrop-blur-[2px] transition-opacity duration-200 ease-studio data-ending-style:opacity-0 data-starting-style:opacity-0";

export const dialogStyle =
  "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col rounded-2xl border border-border bg-popover text-popover-foreground shadow-overlay outline-none transition-[opacity,scale] duration-200 ease-studio data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0";
