/** The form's state: the draft, the model it is for, what is wrong with it, and sending it. */
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type { GenerationSettings } from "@/api/types.gen";
import { chooseModel, useModels } from "@/features/catalogue/models";
import { parametersForText } from "@/features/catalogue/schema-fields";
import { placeErrors } from "@/lib/form-errors";
import { Problem } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { type Draft, EMPTY, type Faults, faultsIn, fitDraft, toBody } from "./draft";
import { draftWith, usePresets } from "./presets";
import { useSubmit } from "./submit";
import { useDraft } from "./use-draft";

/** Fields of a request whose control has another name than the field. */
const SHOWN_AT: Record<string, string> = { size: "shape", aspect_ratio: "shape" };
const FIELDS = [
  "prompt",
  "negative_prompt",
  "model",
  "aspect_ratio",
  "size",
  "width",
  "height",
  "num_images",
  "seed",
  "output_format",
  "project_id",
];

/** `onSent` is called when the server has taken a request; the pictures are for `project`, if there is one. */
export function useComposer(account: string, onSent: () => void, project?: string) {
  const models = useModels();
  const submit = useSubmit();
  const [draft, changeDraft, begun] = useDraft(account);
  const presets = usePresets();
  const [faults, setFaults] = useState<Faults>({});
  const [refusal, setRefusal] = useState<{ text: string; settings: string | null } | null>(null);
  const [sending, setSending] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const model = models.data ? chooseModel(models.data, draft.model) : undefined;
  const parameters = useMemo(() => (model ? parametersForText(model) : []), [model]);

  /** Whether the settings are anybody's choice: a draft that was kept, or any change since. */
  const chosen = useRef(begun);
  const change = useCallback(
    (how: (now: Draft) => Draft) => {
      chosen.current = true;
      changeDraft(how);
    },
    [changeDraft],
  );

  // What was kept may be for a model that has changed since.
  useEffect(() => {
    if (model) changeDraft((now) => ({ ...fitDraft(now, model), model: now.model }));
  }, [model, changeDraft]);

  /** Focuses the first field that is wrong, once it is marked. */
  const [wrong, setWrong] = useState(0);
  useEffect(() => {
    if (wrong > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [wrong]);

  const set = (part: Partial<Draft>, ...mended: string[]) => {
    const how = (now: Draft) => ({ ...now, ...part });
    if (Object.keys(part).every((name) => name === "prompt")) changeDraft(how);
    else change(how);
    forget(mended);
  };
  const setValue = (name: string, value: unknown) => {
    change((now) => {
      const { [name]: _, ...rest } = now.values;
      const initial = parameters.find((each) => each.name === name)?.initial;
      const own = value !== undefined && JSON.stringify(value) !== JSON.stringify(initial);
      return { ...now, values: own ? { ...rest, [name]: value } : rest };
    });
    forget([name]);
  };
  const forget = (names: string[]) => {
    setRefusal(null);
    setFaults((now) => {
      if (!names.some((name) => name in now)) return now;
      return Object.fromEntries(Object.entries(now).filter(([name]) => !names.includes(name)));
    });
  };
  const chooseOther = (id: string) => {
    const next = models.data?.items.find((each) => each.id === id);
    if (next) change((now) => fitDraft({ ...now, model: id }, next));
    setFaults({});
    setRefusal(null);
  };
  /** Takes settings over from something made before. */
  const take = (settings: Draft) => {
    const its = models.data && chooseModel(models.data, settings.model);
    change(() => (its ? fitDraft(settings, its) : settings));
    setFaults({});
    setRefusal(null);
  };

  /** Takes a preset's settings, and leaves the prompt alone. */
  const apply = (settings: GenerationSettings, prompt = draft.prompt) => {
    const its = models.data?.items.find(({ id }) => id === settings.model);
    take(draftWith({ ...draft, prompt }, settings, its));
  };
  const usual = presets.data?.find(({ is_default }) => is_default);
  const startAfresh = () => {
    const before = draft;
    if (usual) apply(usual.settings, "");
    else take(EMPTY);
    if (before.prompt)
      notify({ title: "A new draft", action: { label: "Undo", run: () => take(before) } });
  };

  // A draft that nobody has begun begins with the default preset.
  const begin = useEffectEvent(() => {
    if (usual && !chosen.current) apply(usual.settings);
  });
  const ready = models.data !== undefined && presets.data !== undefined;
  useEffect(() => {
    if (ready) begin();
  }, [ready]);

  const send = async () => {
    if (sending) return;
    if (!model) {
      setWaiting(models.isPending);
      return;
    }
    const found = faultsIn(draft, model);
    setFaults(found);
    setRefusal(null);
    if (Object.keys(found).length > 0) {
      setWrong((times) => times + 1);
      return;
    }
    setSending(true);
    try {
      await submit({ ...toBody(draft, model), ...(project && { project_id: project }) });
      onSent();
    } catch (error) {
      const names = [...FIELDS, ...parameters.flatMap(({ name }) => [name, `parameters.${name}`])];
      const { fields, form: rest } = placeErrors(error, names);
      const placed = fields.map(({ name, message }) => {
        const plain = name.replace(/^parameters\./, "");
        return [SHOWN_AT[plain] ?? plain, message];
      });
      setFaults(Object.fromEntries(placed));
      const settings = error instanceof Problem ? error.settingsUrl : null;
      setRefusal(rest === null ? null : { text: rest, settings });
      if (placed.length > 0) setWrong((times) => times + 1);
    } finally {
      setSending(false);
    }
  };

  // Sent before the models were there: it goes once they are.
  const goOn = useEffectEvent(() => {
    if (!waiting) return;
    setWaiting(false);
    void send();
  });
  useEffect(() => {
    if (!models.isPending) goOn();
  }, [models.isPending]);

  return {
    models,
    model,
    parameters,
    draft,
    faults,
    refusal,
    sending: sending || waiting,
    form,
    set,
    setValue,
    chooseOther,
    take,
    apply,
    startAfresh,
    send,
  };
}

export type Composer = ReturnType<typeof useComposer>;
