import { ChevronDown, WandSparkles } from "lucide-react";
import { useId, useState } from "react";
import { creditsText } from "@/features/catalogue/models";
import { cn } from "@/lib/cn";
import { formatCount, formatCredits } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Kbd } from "@/ui/kbd";
import { Skeleton } from "@/ui/skeleton";
import type { Composer } from "./composer";
import { useEstimate } from "./estimate";
import { ProjectField } from "./project-field";
import { PromptFields } from "./prompt-fields";
import { Settings } from "./settings";

type ComposerFormProps = {
  composer: Composer;
  /** Its id, or "". */
  project: string;
  onProject: (id: string | undefined) => void;
};

/** Everything that is said before a picture is made. On a phone the settings fold away under the prompt. */
export function ComposerForm({ composer, project, onProject }: ComposerFormProps) {
  const { form, refusal, send } = composer;
  return (
    <form
      ref={form}
      noValidate
      aria-label="New pictures"
      onSubmit={(event) => {
        event.preventDefault();
        // React tells of forms in dialogs too, which are elsewhere in the page.
        if (event.target === event.currentTarget) void send();
      }}
      className="flex flex-col lg:h-full"
    >
      <div className="grid min-h-0 content-start gap-6 p-4 sm:p-6 lg:flex-1 lg:overflow-y-auto">
        {refusal ? (
          <Alert
            kind="error"
            title="It was not submitted"
            action={
              refusal.settings ? (
                <a
                  href={refusal.settings}
                  className={buttonVariants({ size: "sm", variant: "secondary" })}
                >
                  Enter the key
                </a>
              ) : null
            }
          >
            {refusal.text}
          </Alert>
        ) : null}
        <PromptFields composer={composer} />
        <ProjectField composer={composer} project={project} onProject={onProject} />
        <FoldedOnPhone>
          <SettingsOrWait composer={composer} />
        </FoldedOnPhone>
      </div>
      <SubmitBar composer={composer} />
    </form>
  );
}

function SettingsOrWait({ composer }: { composer: Composer }) {
  const { models, model } = composer;
  if (model) return <Settings composer={composer} model={model} />;
  if (models.isPending) {
    return (
      <div role="status" aria-label="Loading the models" className="grid gap-6">
        <Skeleton className="h-16" />
        <Skeleton className="h-28" />
        <Skeleton className="h-64" />
      </div>
    );
  }
  return (
    <Alert
      kind="error"
      title={models.isError ? "The models could not be loaded" : "There is no model to use"}
      action={
        <Button size="sm" variant="secondary" onClick={() => void models.refetch()}>
          Try again
        </Button>
      }
    >
      {models.isError ? reasonOf(models.error) : "Ask who runs this studio to switch one on."}
    </Alert>
  );
}

function FoldedOnPhone({ children }: { children: React.ReactNode }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="secondary"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="w-full justify-between lg:hidden"
      >
        Settings
        <ChevronDown
          aria-hidden
          className={cn("transition-transform duration-200 ease-studio", open && "rotate-180")}
        />
      </Button>
      <div id={id} className={cn("min-w-0 lg:block", !open && "hidden")}>
        {children}
      </div>
    </>
  );
}

function SubmitBar({ composer: { model, draft, sending } }: { composer: Composer }) {
  const estimate = useEstimate(model, draft);
  const cost = model?.cost.free ? 0 : estimate?.credits;
  return (
    <div className="fixed inset-x-0 bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 grid gap-2 border-t bg-background/95 px-4 py-3 backdrop-blur md:bottom-0 lg:static lg:bg-transparent lg:px-6 lg:py-4">
      <Button type="submit" size="lg" working={sending && "Submitting…"} className="w-full">
        <WandSparkles aria-hidden />
        {draft.count > 1 ? `Generate ${formatCount(draft.count, "picture")}` : "Generate"}
        {cost === undefined ? null : (
          <span className="text-sm font-normal lg:hidden">· {creditsText(cost)}</span>
        )}
        <Kbd keys="mod+enter" className="max-lg:hidden" />
      </Button>
      {model ? (
        <p className="text-center text-xs text-muted-foreground max-lg:hidden">
          {cost ? (
            <span className="font-medium text-foreground">
              {creditsText(cost)}
              {" · "}
            </span>
          ) : null}
          {model.cost.explanation}
        </p>
      ) : null}
      {estimate && !estimate.affordable ? (
        <p role="status" className="text-center text-xs text-destructive-text">
          {`That is more than the ${formatCredits(estimate.available ?? 0)} you have.`}
        </p>
      ) : null}
    </div>
  );
}
