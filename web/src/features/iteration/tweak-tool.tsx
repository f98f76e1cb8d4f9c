import { Link } from "@tanstack/react-router";
import { Columns2 } from "lucide-react";
import { useState } from "react";
import type { GenerationOut, ImageOut, IterationEstimateIn, ModelOut } from "@/api/types.gen";
import { creditsText, useModels } from "@/features/catalogue/models";
import { ParameterControl } from "@/features/catalogue/parameter-control";
import { imagePath } from "@/features/generation/paths";
import { Thumbnail } from "@/features/library/thumbnail";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { FieldError } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";
import { Switch } from "@/ui/switch";
import { usePrice } from "./price";
import { StrengthField } from "./strength-field";
import type { ToolProps } from "./tools";
import {
  bodyOf,
  movable,
  shownValue,
  startingTweak,
  type Tweak,
  withValue,
  wrongIn,
} from "./tweak";

/** The picture again with other settings, and each result beside it. */
export function TweakTool(props: ToolProps) {
  const models = useModels();
  const { image } = props;
  if (models.isPending) return <Skeleton className="h-40" />;
  const model = models.data?.items.find(({ id }) => id === image.model);
  if (!model?.available || !model.capabilities.includes("text-to-image") || !image.prompt.trim())
    return (
      <Alert kind="info" title="It cannot be made again here">
        {image.prompt.trim()
          ? "The model that made it cannot be used at the moment. Remix it with another one."
          : "It was not made from words. Paint it over, or make variations of it."}
      </Alert>
    );
  return <Fields {...props} model={model} />;
}

function Fields({ image, begin, runs, model }: ToolProps & { model: ModelOut }) {
  const [tweak, setTweak] = useState(() => startingTweak(image, model));
  const [begun, setBegun] = useState<readonly string[]>([]);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [working, setWorking] = useState(false);
  const change = (next: Tweak) => {
    setRefusal(null);
    setTweak(next);
  };
  const wrong = wrongIn(tweak, model);
  const good = Object.keys(wrong).length === 0;
  const { price } = usePrice(image.id, pricedOf(image, model, tweak), good);
  const result = runs.find(({ id, status }) => begun.includes(id) && status === "completed");
  const make = async () => {
    setRefusal(null);
    setWorking(true);
    try {
      const { id } = await begin({ operation: "remix", body: bodyOf(image, model, tweak) });
      setBegun((before) => [id, ...before]);
    } catch (error) {
      setRefusal(error);
    }
    setWorking(false);
  };
  return (
    <form
      aria-label="Tweak"
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (good && !working) void make();
      }}
    >
      {result ? <Beside image={image} result={result} /> : null}
      {movable(model).map((parameter) => (
        <ParameterControl
          key={parameter.name}
          parameter={{ ...parameter, help: "" }}
          value={shownValue(tweak, parameter)}
          onChange={(value) => change(withValue(tweak, parameter.name, value))}
          error={wrong[parameter.name]}
        />
      ))}
      {model.capabilities.includes("image-to-image") ? (
        <StrengthField
          value={tweak.strength}
          onChange={(strength) => change({ ...tweak, strength })}
          optional
          error={undefined}
        />
      ) : null}
      {image.seed === null ? null : (
        <div className="flex items-center justify-between gap-4 text-sm font-medium">
          <span id="tweak-seed">
            Same seed{" "}
            <span className="font-mono text-xs font-normal text-muted-foreground">
              {image.seed}
            </span>
          </span>
          <Switch
            aria-labelledby="tweak-seed"
            checked={tweak.locked}
            onChange={(locked) => change({ ...tweak, locked })}
          />
        </div>
      )}
      {refusal ? <FieldError>{reasonOf(refusal)}</FieldError> : null}
      <Button type="submit" disabled={!good} working={working && "Sending…"}>
        Make it again
        {price ? (
          <span className="font-normal opacity-85">· {creditsText(price.credits)}</span>
        ) : null}
      </Button>
    </form>
  );
}

/** The newest result at the side of what it was made from. */
function Beside({ image, result }: { image: ImageOut; result: GenerationOut }) {
  const [made] = result.images;
  if (!made) return null;
  return (
    <div className="grid gap-2">
      <ul aria-label="The picture and the newest result" className="grid grid-cols-2 gap-2">
        {[image, made].map((each, at) => (
          <li key={each.id} data-image={each.id} className="grid gap-1 text-xs">
            <Link
              to={imagePath(each.id)}
              className="relative block overflow-hidden rounded-lg border bg-muted"
              style={{ aspectRatio: `${each.width} / ${each.height}` }}
            >
              <Thumbnail image={each} sizes="10rem" />
            </Link>
            <span className="text-muted-foreground">{at === 0 ? "Before" : "Now"}</span>
          </li>
        ))}
      </ul>
      <Link
        to="/compare"
        search={{ ids: `${image.id},${made.id}`, mode: "slider" }}
        className={buttonVariants({ variant: "secondary", size: "sm" })}
      >
        <Columns2 aria-hidden /> Compare closely
      </Link>
    </div>
  );
}

/** The request without what has no part in the price. */
function pricedOf(image: ImageOut, model: ModelOut, tweak: Tweak): IterationEstimateIn {
  const {
    prompt: _,
    negative_prompt: __,
    seed: ___,
    project_id: ____,
    ...settings
  } = bodyOf(image, model, tweak);
  return { operation: "remix", ...settings };
}
