/** Presets: settings under a name, as the form takes them and gives them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  createPresetMutation,
  deletePresetMutation,
  listPresetsOptions,
  updatePresetMutation,
} from "@/api/@tanstack/react-query.gen";
import type { GenerationSettings, ModelOut, PresetOut } from "@/api/types.gen";
import { ratioOfSize } from "@/features/catalogue/sizes";
import { type Draft, EMPTY, toBody } from "./draft";

/** As many as a workspace may have. */
const ALL = 100;

const presetsQuery = () => ({
  ...listPresetsOptions({ query: { limit: ALL } }),
  staleTime: 60_000,
});
const inOrder = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The workspace's presets by name. */
export function usePresets() {
  return useQuery({
    ...presetsQuery(),
    select: ({ items }) => items.toSorted((a, b) => inOrder.compare(a.name, b.name)),
  });
}

/** What a preset keeps of the form: all but the prompt. */
export function settingsOf(draft: Draft, model: ModelOut): GenerationSettings {
  const { prompt: _, ...settings } = toBody(draft, model);
  return settings;
}

/** The draft with a preset's settings and its own prompt; fit it to the model afterwards. */
export function draftWith(
  { prompt }: Draft,
  settings: GenerationSettings,
  model: ModelOut | undefined,
): Draft {
  const { negative_prompt, aspect_ratio, size, output_format, parameters, ...rest } = settings;
  const { model: id, num_images, seed, width: w, height: h, failover, ...standard } = rest;
  const [across, down] = size ? size.split("x").map(Number) : [w, h];
  const ratio = model && across && down ? ratioOfSize(model.sizes, across, down) : null;
  const said = Object.entries({ ...standard, ...parameters });
  return {
    prompt,
    model: id ?? "",
    negative: negative_prompt ?? "",
    shape: aspect_ratio ?? (across && down ? (ratio ?? "custom") : EMPTY.shape),
    width: across ?? EMPTY.width,
    height: down ?? EMPTY.height,
    count: num_images ?? 1,
    seed: seed ?? null,
    format: output_format && output_format !== model?.formats[0] ? output_format : "",
    values: Object.fromEntries(said.filter(([, value]) => value !== null)),
    failover: failover ?? EMPTY.failover,
  };
}

/** Whether both name the same preset; the server does not tell cases apart either. */
export function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Saving, changing and deleting; the list follows at once, and is fetched anew when something went wrong. */
export function usePresetActions() {
  const client = useQueryClient();
  const { queryKey } = presetsQuery();
  const change = (how: (items: PresetOut[]) => PresetOut[]) =>
    client.setQueryData(queryKey, (page) => page && { ...page, items: how(page.items) });
  const put = (made: PresetOut) =>
    change((items) => [
      made,
      ...items
        .filter(({ id }) => id !== made.id)
        .map((each) => (made.is_default ? { ...each, is_default: false } : each)),
    ]);
  const onError = () => void client.invalidateQueries({ queryKey });
  return {
    create: useMutation({ ...createPresetMutation(), onSuccess: put, onError }),
    update: useMutation({ ...updatePresetMutation(), onSuccess: put, onError }),
    remove: useMutation({
      ...deletePresetMutation(),
      onSuccess: (_, { path }) => change((items) => items.filter(({ id }) => id !== path.id)),
      onError,
    }),
  };
}
