import { zodResolver } from "@hookform/resolvers/zod";
import { WandSparkles } from "lucide-react";
import { useId, useRef } from "react";
import { Controller, useForm } from "react-hook-form";
import * as z from "zod/mini";
import type { GenerateIn } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { useShortcuts } from "@/lib/shortcuts";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Kbd } from "@/ui/kbd";
import { Textarea } from "@/ui/textarea";
import { ToggleGroup } from "@/ui/toggle-group";
import { useGenerate } from "./history";

type Ratio = NonNullable<GenerateIn["aspect_ratio"]>;
const RATIOS = ["1:1", "3:4", "4:3", "9:16", "16:9"] as const satisfies readonly Ratio[];
const COUNTS = ["1", "2", "3", "4"] as const;
const MAX_PROMPT = 10_000;

const form = z.object({
  prompt: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, "Write what you want to see."),
      z.maxLength(MAX_PROMPT, "Use at most 10,000 characters."),
    ),
  aspect_ratio: z.enum(RATIOS),
  num_images: z.enum(COUNTS),
});
type Form = z.infer<typeof form>;

export function PromptForm() {
  const id = useId();
  const element = useRef<HTMLFormElement>(null);
  const generate = useGenerate();
  const { register, control, handleSubmit, setError, formState } = useForm<Form>({
    resolver: zodResolver(form),
    defaultValues: { prompt: "", aspect_ratio: "1:1", num_images: "1" },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ num_images, ...values }) =>
    generate
      .mutateAsync({ body: { ...values, num_images: Number(num_images) } })
      .catch((error) => showProblem(error, ["prompt", "aspect_ratio", "num_images"], setError)),
  );
  useShortcuts({ "mod+enter": () => element.current?.requestSubmit() });

  return (
    <form ref={element} onSubmit={submit} noValidate className="grid gap-5">
      {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
      <Field label="Prompt" error={errors.prompt?.message}>
        {(field) => (
          <Textarea
            {...field}
            {...register("prompt")}
            rows={5}
            placeholder="A harbour at dusk, violet sky, one lamp lit on the pier"
          />
        )}
      </Field>
      <div className="grid gap-1.5">
        <span id={`${id}-ratio`} className="text-sm font-medium">
          Shape
        </span>
        <Controller
          control={control}
          name="aspect_ratio"
          render={({ field }) => (
            <ToggleGroup
              aria-labelledby={`${id}-ratio`}
              choices={RATIOS.map((value) => ({ value, label: value }))}
              value={field.value}
              onChange={field.onChange}
              className="grid grid-cols-5"
              itemClassName="px-0"
            />
          )}
        />
      </div>
      <div className="grid gap-1.5">
        <span id={`${id}-count`} className="text-sm font-medium">
          Pictures
        </span>
        <Controller
          control={control}
          name="num_images"
          render={({ field }) => (
            <ToggleGroup
              aria-labelledby={`${id}-count`}
              choices={COUNTS.map((value) => ({ value, label: value }))}
              value={field.value}
              onChange={field.onChange}
              className="grid grid-cols-4"
            />
          )}
        />
      </div>
      <Button type="submit" size="lg" working={formState.isSubmitting && "Submitting…"}>
        <WandSparkles aria-hidden /> Generate <Kbd keys="mod+enter" className="max-sm:hidden" />
      </Button>
    </form>
  );
}
