import { Sparkles } from "lucide-react";
import { useId, useLayoutEffect, useRef } from "react";
import type { StyleOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { useStyles } from "./models";
import { words } from "./schema-fields";

type StylePickerProps = {
  /** What the model takes, in its order. */
  ids: readonly string[];
  value: string;
  onChange: (id: string) => void;
  labelledBy: string;
  /** All in view, or a strip to be moved sideways. */
  unfolded: boolean;
};

/** The styles of a model as small pictures. */
export function StylePicker({ ids, value, onChange, labelledBy, unfolded }: StylePickerProps) {
  const group = useId();
  const { data } = useStyles(true);
  // The chosen one comes into view in the strip; the page itself stays where it is.
  const strip = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs again for what it reads from the page.
  useLayoutEffect(() => {
    const box = strip.current;
    const chosen = box?.querySelector<HTMLElement>(":has(> :checked)");
    if (box && chosen)
      box.scrollLeft = chosen.offsetLeft - (box.clientWidth - chosen.offsetWidth) / 2;
  }, [value, unfolded]);
  const known = new Map(data?.items.map((style) => [style.id, style]));
  return (
    <div
      ref={strip}
      role="radiogroup"
      aria-labelledby={labelledBy}
      className={cn(
        "relative gap-2 p-0.5",
        unfolded
          ? "grid grid-cols-4"
          : "flex snap-x scroll-px-1 overflow-x-auto pb-2 [scrollbar-width:thin]",
      )}
    >
      {ids.map((id) => (
        <label
          key={id}
          title={known.get(id)?.description}
          className={cn(tileStyle, unfolded ? "" : "w-20 shrink-0 snap-start")}
        >
          <input
            type="radio"
            name={group}
            checked={id === value}
            onChange={() => onChange(id)}
            className="sr-only"
          />
          <Example id={id} style={known.get(id)} />
          <span className="line-clamp-1 px-0.5 py-1 text-center text-xs">
            {known.get(id)?.name ?? words(id)}
          </span>
        </label>
      ))}
    </div>
  );
}

function Example({ id, style }: { id: string; style: StyleOut | undefined }) {
  const box = "aspect-square w-full bg-muted";
  if (!style) {
    return (
      <span aria-hidden className={cn(box, "grid place-items-center text-muted-foreground")}>
        {id === "auto" ? <Sparkles className="size-5" strokeWidth={1.75} /> : null}
      </span>
    );
  }
  return (
    <img
      src={style.thumbnail_url}
      alt=""
      width={192}
      height={192}
      loading="lazy"
      decoding="async"
      className={cn(box, "object-cover")}
    />
  );
}

const tileStyle = cn(
  "relative grid content-start overflow-hidden rounded-lg border bg-card text-muted-foreground transition-[box-shadow,color] duration-200 ease-studio hover:text-foreground hover:shadow-raised",
  "has-checked:border-primary has-checked:bg-primary-soft has-checked:font-medium has-checked:text-primary-soft-foreground has-checked:ring-1 has-checked:ring-primary",
  "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-ring",
);
