/** A project's settings for the form: taken once when the project is chosen, not again when the page is reloaded. */
import { useEffect, useEffectEvent } from "react";
import type { GenerationSettings } from "@/api/types.gen";
import { useProject } from "@/features/projects/projects";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import type { Composer } from "./composer";
import { usePresets } from "./presets";

const KEY = "easel:project-taken";

export function useProjectDefaults(
  composer: Composer,
  id: string | undefined,
  onProject: (id: string | undefined) => void,
): void {
  const project = useProject(id ?? "", id !== undefined);
  const presets = usePresets();
  const ready = composer.models.data !== undefined && !presets.isPending && project.data?.id === id;
  const take = useEffectEvent(() => {
    if (!project.data || taken() === id) return;
    keep(id);
    const preset = presets.data?.find((each) => each.id === project.data.preset_id)?.settings;
    const settings = { ...preset, ...project.data.settings } as GenerationSettings;
    if (Object.keys(settings).length > 0)
      composer.apply({ ...settings, model: settings.model ?? composer.model?.id ?? null });
  });
  const leave = useEffectEvent((error: unknown) => {
    notify({ kind: "error", title: "That project was not found", description: reasonOf(error) });
    onProject(undefined);
  });
  useEffect(() => {
    if (id === undefined) keep(undefined);
    else if (ready) take();
  }, [id, ready]);
  const { error } = project;
  useEffect(() => {
    if (id !== undefined && error) leave(error);
  }, [id, error]);
}

function taken(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(id: string | undefined): void {
  try {
    if (id === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, id);
  } catch {
    // Blocked storage: a reload takes the settings again.
  }
}
