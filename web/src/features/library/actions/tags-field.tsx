import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { cn } from "@/lib/cn";
import { inputStyle } from "@/ui/input";
import { facetsQuery } from "../filters/facets";
import { cleaned, suggested } from "./tags";

type TagsFieldProps = {
  id?: string;
  label: string;
  tags: readonly string[];
  onChange: (tags: string[]) => void;
  placeholder?: string;
};

/** Tags as chips, with completion from those in use. Enter or a comma ends a tag, Backspace takes the last one back. */
export function TagsField(props: TagsFieldProps) {
  const { id, label, tags, onChange, placeholder = "Add a tag" } = props;
  const list = useId();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const { data } = useQuery(facetsQuery({}));
  const options = suggested(Object.keys(data?.tags ?? {}), text, tags);
  const shown = open && options.length > 0;
  const add = (words: string) => {
    const fresh = words
      .split(",")
      .map(cleaned)
      .filter((tag) => tag !== "" && !tags.includes(tag));
    if (fresh.length > 0) onChange([...tags, ...new Set(fresh)]);
    setText("");
    setAt(-1);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const chosen = shown ? options[at] : undefined;
    if (event.key === "ArrowDown" && options.length > 0) {
      setOpen(true);
      setAt((at + 1) % options.length);
    } else if (event.key === "ArrowUp" && shown) setAt(at <= 0 ? options.length - 1 : at - 1);
    else if ((event.key === "Enter" || event.key === ",") && (chosen || text.trim()))
      add(chosen ?? text);
    else if (event.key === "Backspace" && text === "" && tags.length > 0)
      onChange(tags.slice(0, -1));
    else if (event.key === "Escape" && shown) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="relative">
      <div
        className={cn(
          inputStyle,
          "flex min-h-10 flex-wrap items-center gap-1.5 px-1.5 py-1.5 has-focus-visible:border-ring has-focus-visible:ring-3 has-focus-visible:ring-ring/25",
        )}
      >
        {tags.map((tag) => (
          <span
            key={tag}
            className="flex h-7 max-w-full items-center rounded-md bg-primary-soft pl-2 text-sm text-primary-soft-foreground"
          >
            <span className="truncate">{tag}</span>
            <button
              type="button"
              aria-label={`Take away the tag ${tag}`}
              onClick={() => onChange(tags.filter((one) => one !== tag))}
              className="grid size-7 shrink-0 place-items-center rounded-md hover:bg-foreground/10"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </span>
        ))}
        <input
          id={id}
          role="combobox"
          aria-label={label}
          aria-expanded={shown}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={shown && at >= 0 ? `${list}-${at}` : undefined}
          autoComplete="off"
          maxLength={64}
          value={text}
          placeholder={tags.length === 0 ? placeholder : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setAt(-1);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            if (text.trim()) add(text);
          }}
          onKeyDown={press}
          className="h-7 min-w-24 flex-1 bg-transparent px-1.5 outline-none placeholder:text-muted-foreground"
        />
      </div>
      <div
        id={list}
        role="listbox"
        aria-label="Tags in use"
        className={cn(
          "absolute inset-x-0 top-full z-20 mt-1 max-h-52 overflow-y-auto rounded-xl border bg-popover p-1.5 text-popover-foreground shadow-overlay",
          !shown && "hidden",
        )}
      >
        {options.map((tag, index) => (
          <div
            key={tag}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerDown={(event) => {
              // The field keeps the focus.
              event.preventDefault();
              add(tag);
            }}
            className={cn(
              "cursor-default rounded-lg px-2.5 py-1.5 text-sm hover:bg-accent",
              index === at && "bg-accent text-accent-foreground",
            )}
          >
            {tag}
          </div>
        ))}
      </div>
    </div>
  );
}
