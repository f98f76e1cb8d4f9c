import { lazy, Suspense, useState } from "react";
import { outpaintImage } from "@/api/sdk.gen";
import type { ImageOut } from "@/api/types.gen";
import { RATIOS, sizeProblems, sizeText } from "@/features/catalogue/sizes";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { NumberField } from "@/ui/number-field";
import { Skeleton } from "@/ui/skeleton";
import { useMaking } from "./mask-making";
import { MakePanel, useAbleModels } from "./mask-panel";
import { OutpaintFrame } from "./outpaint-frame";
import {
  grownSize,
  isNone,
  limitText,
  type Margins,
  mostOf,
  NONE,
  nameOfSide,
  SIDES,
  toRatio,
  withSide,
} from "./outpaint-margins";
import { useRestedPrice } from "./price";

const BeforeAfter = lazy(() =>
  import("./mask-result").then((module) => ({ default: module.BeforeAfter })),
);

/** Let a picture grow beyond its edges. */
export function OutpaintEditor({ image }: { image: ImageOut }) {
  const [margins, setMargins] = useState<Margins>(NONE);
  const [prompt, setPrompt] = useState("");
  const models = useAbleModels("outpaint", image.model);
  const making = useMaking();
  const sizes = models.model?.sizes;
  const grown = grownSize(image, margins, sizes?.step ?? 1);
  const faults = sizes ? sizeProblems(sizes, grown.width, grown.height) : {};
  const fault = isNone(margins)
    ? "Drag an edge, or choose a shape."
    : (faults.width ?? faults.height);
  const wish = fault ? null : { operation: "outpaint" as const, ...margins };
  const price = useRestedPrice(image.id, models.model, wish);
  const submit = () => {
    if (!models.model) return;
    const words = prompt.trim();
    const body = { model: models.model.id, ...margins, ...(words && { prompt: words }) };
    const path = { id: image.id };
    void making.submit(JSON.stringify(body), async (headers) => {
      return (await outpaintImage({ path, body, headers, throwOnError: true })).data;
    });
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] lg:h-[calc(100dvh-3.5rem)] lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className={making.result ? "min-w-0 lg:h-full" : "h-[60dvh] min-w-0 lg:h-full"}>
        {making.result ? (
          <Suspense fallback={<Skeleton className="size-full" />}>
            <BeforeAfter before={image} after={making.result} at={margins} onAgain={making.leave} />
          </Suspense>
        ) : sizes ? (
          <OutpaintFrame image={image} sizes={sizes} margins={margins} onMargins={setMargins} />
        ) : null}
      </div>
      <div className="border-t lg:overflow-y-auto lg:border-t-0 lg:border-l">
        <MakePanel
          image={image}
          title="Extend the picture"
          promptHelp="What is around it. Left empty, the picture's own prompt is used."
          prompt={prompt}
          onPrompt={setPrompt}
          models={models}
          price={price}
          making={making}
          missing={fault ?? null}
          submitName="Extend"
          onSubmit={submit}
        >
          {sizes && !making.result ? (
            <div className="grid gap-4">
              <fieldset className="grid gap-2">
                <legend className="mb-2 text-sm font-medium">Shape</legend>
                <div className="flex flex-wrap gap-1.5">
                  {RATIOS.map((ratio) => (
                    <Button
                      key={ratio}
                      size="sm"
                      variant="secondary"
                      onClick={() => setMargins(toRatio(image, ratio))}
                    >
                      {ratio}
                    </Button>
                  ))}
                  <Button size="sm" variant="ghost" onClick={() => setMargins(NONE)}>
                    Reset
                  </Button>
                </div>
              </fieldset>
              <div className="grid grid-cols-2 gap-3">
                {SIDES.map((side) => (
                  <Field key={side} label={nameOfSide[side]}>
                    {(control) => (
                      <NumberField
                        {...control}
                        min={0}
                        max={mostOf(side, image, margins, sizes)}
                        value={margins[side]}
                        onChange={(value) =>
                          setMargins(withSide(side, value ?? 0, image, margins, sizes))
                        }
                      />
                    )}
                  </Field>
                ))}
              </div>
              <p role="status" className="text-sm text-muted-foreground">
                <span className="font-medium text-foreground tabular-nums">
                  {sizeText(grown.width, grown.height)}
                </span>
                {` pixels, from ${sizeText(image.width, image.height)}; ${limitText(sizes)}`}
              </p>
            </div>
          ) : null}
        </MakePanel>
      </div>
    </div>
  );
}
