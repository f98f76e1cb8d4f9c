import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/button";
import { Input } from "@/ui/input";

/** A pause in typing after which is searched. */
const PAUSE_MS = 220;

type SearchFieldProps = { value: string; onChange: (words: string) => void };

/** Searches while one types; `/` leads here, Esc empties it. */
export function SearchField({ value, onChange }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [said, setSaid] = useState(value);
  if (said !== value) {
    // Changed from elsewhere: by the way back, or with all filters.
    setSaid(value);
    if (value !== text.trim()) setText(value);
  }
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    const words = text.trim();
    if (words === value) return;
    const timer = setTimeout(() => latest.current(words), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  useShortcuts({ "/": () => field.current?.focus() });
  const empty = () => {
    setText("");
    onChange("");
    field.current?.focus();
  };
  return (
    <search className="relative min-w-0 flex-1 sm:max-w-md">
      <Search
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-3 my-auto size-4 text-muted-foreground"
      />
      <Input
        ref={field}
        // The browser's own cross is not drawn: ours has a name.
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label="Search pictures"
        placeholder="Search prompts, titles, tags…"
        title='Words of a prompt, title, tag or note. "A phrase", begin* and -without work.'
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onChange(text.trim());
          if (event.key === "Escape" && text) {
            event.preventDefault();
            empty();
          }
        }}
        className="px-9"
      />
      {text ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Empty the search"
          onClick={empty}
          className="absolute inset-y-0 right-1 my-auto"
        >
          <X aria-hidden />
        </Button>
      ) : null}
    </search>
  );
}
