/** Keyboard shortcuts: "mod+k" is Cmd+K on a Mac and Ctrl+K elsewhere; "g i" is one key after the other. */
import { useEffect, useEffectEvent } from "react";

const SEQUENCE_MS = 1000;

export const isMac = (platform = navigator.platform) => /mac|iphone|ipad/i.test(platform);

/** The name of one key press, with its modifiers: "mod+enter", "shift+?", "g". */
export function keyName(event: KeyboardEvent, mac = isMac()): string {
  const parts: string[] = [];
  if (mac ? event.metaKey : event.ctrlKey) parts.push("mod");
  if (mac ? event.ctrlKey : event.metaKey) parts.push(mac ? "ctrl" : "meta");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && event.key.length > 1) parts.push("shift");
  parts.push(event.key.toLowerCase());
  return parts.join("+");
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

/** Keys that mean something to what one types. */
const EDITING = /^mod\+[acvxyz]$/;

/** Every sequence that anyone listens for, and how many do. */
const sequences = new Map<string, number>();

function announce(names: string[]): () => void {
  for (const name of names) sequences.set(name, (sequences.get(name) ?? 0) + 1);
  return () => {
    for (const name of names) {
      const left = (sequences.get(name) ?? 1) - 1;
      if (left > 0) sequences.set(name, left);
      else sequences.delete(name);
    }
  };
}

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

/** Listens while the component is there. Plain keys stay quiet while someone types; those with mod always work. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const press = useEffectEvent((event: KeyboardEvent, before: string) => {
    const name = keyName(event);
    const action = shortcuts[`${before} ${name}`] ?? shortcuts[name];
    if (!action || event.defaultPrevented || event.isComposing) return;
    if (isTyping(event.target) && (!name.startsWith("mod+") || EDITING.test(name))) return;
    // The second key of "g m" is not the "m" of another listener.
    if (!shortcuts[`${before} ${name}`] && sequences.has(`${before} ${name}`)) return;
    event.preventDefault();
    action(event);
  });
  const pairs = Object.keys(shortcuts)
    .filter((name) => name.includes(" "))
    .join();
  useEffect(() => (pairs ? announce(pairs.split(",")) : undefined), [pairs]);
  useEffect(() => {
    let last = { name: "", at: 0 };
    const listen = (event: KeyboardEvent) => {
      const before = event.timeStamp - last.at < SEQUENCE_MS ? last.name : "";
      last = { name: keyName(event), at: event.timeStamp };
      press(event, before);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}
