import { type ComponentProps, useLayoutEffect, useMemo, useRef } from "react";
import { cn } from "@/lib/cn";
import { Textarea } from "@/ui/textarea";
import { type Mark, partsOf } from "./prompt-marks";

const COLOURS: Record<Mark, string> = {
  weight: "bg-primary-soft outline outline-primary/40",
  variable: "bg-success-soft outline outline-success-text/40",
};

type PromptEditorProps = ComponentProps<"textarea"> & {
  value: string;
  /** Whether the model understands weights; those of one that does not are shown as such. */
  weights: boolean;
};

/**
 * A text area with coloured marks behind its weights and variables.
 *
 * The text stays the text area's own, so that it reads, selects and spells as any other; the marks lie behind it,
 * in a copy that is laid out alike and that nobody but the eye meets.
 */
export function PromptEditor({ weights, className, value, onScroll, ...props }: PromptEditorProps) {
  const marks = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const parts = useMemo(() => partsOf(value), [value]);
  const follow = () => {
    if (marks.current && text.current) marks.current.scrollTop = text.current.scrollTop;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer text may have scrolled by itself.
  useLayoutEffect(follow, [value]);
  return (
    <div className="relative grid rounded-lg bg-card">
      <div
        ref={marks}
        aria-hidden
        className="pointer-events-none absolute inset-0 overflow-x-hidden overflow-y-auto rounded-lg border border-transparent px-3 py-2.5 text-base leading-relaxed break-words whitespace-pre-wrap text-transparent select-none [scrollbar-color:transparent_transparent] sm:text-sm"
      >
        {parts.map(({ text: part, mark }, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing else to be told by.
            key={index}
            data-mark={mark ?? undefined}
            className={cn(
              mark && "rounded-sm",
              mark && COLOURS[mark],
              mark === "weight" &&
                !weights &&
                "bg-transparent underline decoration-warning decoration-wavy outline-none",
            )}
          >
            {part}
          </span>
        ))}
        {"\u200b"}
      </div>
      <Textarea
        {...props}
        ref={(element) => {
          text.current = element;
          if (typeof props.ref === "function") props.ref(element);
          else if (props.ref) props.ref.current = element;
        }}
        value={value}
        onScroll={(event) => {
          follow();
          onScroll?.(event);
        }}
        className={cn("relative bg-transparent", className)}
      />
    </div>
  );
}
