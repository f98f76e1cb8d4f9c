import { cn } from "@/lib/cn";
import { isMac } from "@/lib/shortcuts";

const COMMON = {
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  escape: "Esc",
  delete: "Del",
  space: "Space",
  home: "Home",
  end: "End",
};
const MAC: Record<string, string> = {
  mod: "⌘",
  alt: "⌥",
  shift: "⇧",
  enter: "↵",
  ctrl: "⌃",
  ...COMMON,
};
const OTHERS: Record<string, string> = {
  mod: "Ctrl",
  alt: "Alt",
  shift: "Shift",
  enter: "Enter",
  ...COMMON,
};

/** A shortcut as this keyboard shows it: `<Kbd keys="mod+enter" />`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  const names = isMac() ? MAC : OTHERS;
  return (
    <kbd className={cn("inline-flex gap-1 font-sans text-xs", className)}>
      {(keys === "+" ? ["+"] : keys.split("+")).map((key) => (
        <span key={key} className="rounded border border-current/25 px-1.5 leading-5">
          {names[key] ?? key.toUpperCase()}
        </span>
      ))}
    </kbd>
  );
}
