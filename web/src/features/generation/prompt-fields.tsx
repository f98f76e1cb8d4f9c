import { useRef, useState } from "react";
import { cn } from "@/lib/cn";
import { formatNumber } from "@/lib/format";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import type { Composer } from "./composer";
import { can } from "./draft";
import { PromptEditor } from "./prompt-editor";
import { hasMark } from "./prompt-marks";

const LONGEST = 10_000;
/** From this share of the limit on the characters are counted. */
const NEAR = 0.8;

export function PromptFields({ composer }: { composer: Composer }) {
  const { draft, faults, model, set } = composer;
  const prompt = useRef<HTMLTextAreaElement>(null);
  const negative = model === undefined || can(model, "negative-prompt");
  const weights = model === undefined || can(model, "prompt-weights");
  const [shown, show] = useState(draft.negative !== "");
  const open = shown || draft.negative !== "" || "negative_prompt" in faults;
  useShortcuts({
    "/": () => {
      prompt.current?.focus();
      prompt.current?.scrollIntoView({ block: "nearest" });
    },
  });
  return (
    <div className="grid gap-3">
      <Field
        label="Prompt"
        error={faults.prompt}
        help={plain(draft.prompt, weights, model?.name)}
        aside={<Count length={draft.prompt.length} most={model?.max_prompt ?? LONGEST} />}
      >
        {(control) => (
          <PromptEditor
            {...control}
            ref={prompt}
            weights={weights}
            name="prompt"
            rows={4}
            value={draft.prompt}
            onChange={(event) => set({ prompt: event.target.value }, "prompt")}
            placeholder="A harbour at dusk, violet sky, one lamp lit on the pier"
            className="min-h-28"
          />
        )}
      </Field>
      {negative ? (
        <div className="grid gap-2">
          {open ? (
            <Field
              label="Negative prompt"
              help={
                <>What the picture should not show. {plain(draft.negative, weights, model?.name)}</>
              }
              error={faults.negative_prompt}
              aside={<Count length={draft.negative.length} most={model?.max_prompt ?? LONGEST} />}
            >
              {(control) => (
                <PromptEditor
                  {...control}
                  name="negative_prompt"
                  weights={weights}
                  rows={2}
                  value={draft.negative}
                  onChange={(event) => set({ negative: event.target.value }, "negative_prompt")}
                  placeholder="people, text, fog"
                  className="min-h-16"
                />
              )}
            </Field>
          ) : (
            <Button
              variant="ghost"
              size="sm"
              onClick={() => show(true)}
              className="-ml-2 justify-self-start px-2 text-muted-foreground"
            >
              Add a negative prompt
            </Button>
          )}
        </div>
      ) : null}
    </div>
  );
}

/** Tells that weights are words like any others to a model; null where there is nothing to tell. */
function plain(prompt: string, weights: boolean, name = "This model") {
  if (weights || !hasMark(prompt, "weight")) return null;
  return (
    <span className="text-xs text-warning-text">
      {name} does not know weights: it reads the marked brackets and numbers as words.
    </span>
  );
}

function Count({ length, most }: { length: number; most: number }) {
  if (length < most * NEAR) return null;
  return (
    <span
      className={cn(
        "text-xs tabular-nums",
        length > most ? "font-medium text-destructive-text" : "text-muted-foreground",
      )}
    >
      {formatNumber(length)} of {formatNumber(most)}
    </span>
  );
}
