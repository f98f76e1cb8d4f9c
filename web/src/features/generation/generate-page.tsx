import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState } from "react";
import { getGenerationOptions, getImageOptions } from "@/api/@tanstack/react-query.gen";
import type { GenerationOut } from "@/api/types.gen";
import { useUser } from "@/features/accounts/session";
import { useMayChange } from "@/features/workspaces/acting";
import { ViewOnly } from "@/features/workspaces/view-only";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { useShortcuts } from "@/lib/shortcuts";
import { notify } from "@/ui/notify";
import { Announcer } from "./announcer";
import { useComposer } from "./composer";
import { ComposerForm } from "./composer-form";
import { draftOf } from "./draft";
import { useProjectDefaults } from "./project-defaults";
import { Results } from "./results";

const ShortcutSheet = lazy(() =>
  import("./shortcut-sheet").then((module) => ({ default: module.ShortcutSheet })),
);

export type SettingsFrom = {
  from?: string | undefined;
  generation?: string | undefined;
  model?: string | undefined;
  /** The project that the pictures are for. */
  project?: string | undefined;
};

type GeneratePageProps = SettingsFrom & {
  onProject: (id: string | undefined) => void;
  /** The settings were taken over, or could not be. */
  onTaken: () => void;
};

export function GeneratePage(props: GeneratePageProps) {
  const { from, generation, model, project, onTaken, onProject } = props;
  usePageTitle("Generate");
  const results = useRef<HTMLElement>(null);
  const composer = useComposer(
    useUser().id,
    () => results.current?.scrollIntoView({ behavior: "smooth" }),
    project,
  );
  useProjectDefaults(composer, project, onProject);
  const [sheet, showSheet] = useState(false);
  const mayChange = useMayChange();
  useTakeSettings(composer, { from, generation, model }, onTaken);
  useShortcuts({
    "mod+enter": () => void (mayChange && composer.send()),
    "?": () => showSheet(true),
  });
  const useSettings = (made: GenerationOut, image?: number) => {
    const picture = image === undefined ? undefined : made.images[image];
    const its = composer.models.data?.items.find(({ id }) => id === made.model);
    composer.take(draftOf(picture ?? made, its));
    scrollTo({ top: 0 });
    promptOf(composer.form.current)?.focus();
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[23rem_minmax(0,1fr)] xl:grid-cols-[26rem_minmax(0,1fr)]">
      <section
        aria-labelledby="composer"
        className="border-b bg-subtle lg:sticky lg:top-14 lg:h-[calc(100dvh-3.5rem)] lg:border-r lg:border-b-0"
      >
        <h2 id="composer" className="sr-only">
          New pictures
        </h2>
        {mayChange ? (
          <ComposerForm composer={composer} project={project ?? ""} onProject={onProject} />
        ) : (
          <ViewOnly />
        )}
      </section>
      <section
        ref={results}
        aria-labelledby="results"
        className="min-w-0 scroll-mt-14 p-4 pb-28 sm:p-6 lg:p-8"
      >
        <h2 id="results" className="sr-only">
          Results
        </h2>
        <Results
          onUseSettings={useSettings}
          onTry={(prompt) => {
            composer.set({ prompt }, "prompt");
            promptOf(composer.form.current)?.focus();
          }}
        />
      </section>
      <Announcer />
      {sheet ? (
        <Suspense>
          <ShortcutSheet onClose={() => showSheet(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

function promptOf(form: HTMLFormElement | null): HTMLElement | null {
  return form?.querySelector<HTMLElement>("[name=prompt]") ?? null;
}

/** Fills the form from what the address names: a picture, a whole generation, or a model alone. */
function useTakeSettings(
  composer: ReturnType<typeof useComposer>,
  { from, generation, model }: SettingsFrom,
  onTaken: () => void,
) {
  const client = useQueryClient();
  const ready = composer.models.data !== undefined;
  const fill = useEffectEvent(async () => {
    if (model) composer.chooseOther(model);
    try {
      const made = from
        ? await client.fetchQuery(getImageOptions({ path: { id: from } }))
        : generation
          ? await client.fetchQuery(getGenerationOptions({ path: { id: generation } }))
          : null;
      if (made) {
        const its = composer.models.data?.items.find(({ id }) => id === made.model);
        composer.take(draftOf(made, its));
      }
    } catch (error) {
      notify({
        kind: "error",
        title: "Those settings were not found",
        description: reasonOf(error),
      });
    }
    onTaken();
  });
  useEffect(() => {
    if (ready && (from || generation || model)) void fill();
  }, [ready, from, generation, model]);
}
