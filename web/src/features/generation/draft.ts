/** What stands in the form: kept as the person set it, fitted to a model, and turned into a request. */
import type { GenerateIn, GenerationOut, ImageOut, ModelOut } from "@/api/types.gen";
import { parametersForText, problemWith, type Values } from "@/features/catalogue/schema-fields";
import {
  fits,
  nearestRatio,
  offeredRatios,
  type Ratio,
  ratioOfSize,
  sizeProblems,
} from "@/features/catalogue/sizes";

export type Draft = {
  /** "" is the studio's default. */
  model: string;
  prompt: string;
  negative: string;
  shape: Ratio | "custom";
  /** Of the custom shape; null while a field is empty. */
  width: number | null;
  height: number | null;
  count: number;
  /** null: a new one each time. */
  seed: number | null;
  /** "" is the model's own. */
  format: string;
  /** The model's parameters that are not as it has them by itself. */
  values: Values;
  /** Whether an equivalent model may make it when its own is down. */
  failover: boolean;
};

export const EMPTY: Draft = {
  model: "",
  prompt: "",
  negative: "",
  shape: "1:1",
  width: 1024,
  height: 1024,
  count: 1,
  seed: null,
  format: "",
  values: {},
  failover: false,
};
export const MAX_SEED = 2 ** 53 - 1;
/** Dice throw seeds that people can read and type. */
const DICE = 2 ** 32;

/** Parameters that a request has a place of its own for; all others go under `parameters`. */
const STANDARD = ["guidance", "steps", "sampler", "style", "quality"] as const;
/** What a stored generation lists among its parameters, though the form has other controls for it. */
const PLACED = ["seed", "width", "height", "output_format", "num_images", "aspect_ratio", "size"];

type Format = NonNullable<GenerateIn["output_format"]>;
const isStandard = (name: string) => (STANDARD as readonly string[]).includes(name);

export function rollSeed(): number {
  return Math.floor(Math.random() * DICE);
}

export function can(model: ModelOut, capability: ModelOut["capabilities"][number]): boolean {
  return model.capabilities.includes(capability);
}

/** The draft as this model can take it: what it does not know, or would refuse, falls away. */
export function fitDraft(draft: Draft, model: ModelOut): Draft {
  const values = Object.fromEntries(
    parametersForText(model)
      .filter((parameter) => parameter.name in draft.values)
      .map((parameter) => [parameter, draft.values[parameter.name]] as const)
      .filter(
        ([parameter, value]) =>
          problemWith(parameter, value) === null && !same(value, parameter.initial),
      )
      .map(([{ name }, value]) => [name, value]),
  );
  return {
    ...draft,
    ...fitSize(draft, model),
    model: model.id,
    count: Math.min(Math.max(1, draft.count), model.max_images),
    seed: can(model, "seed") ? draft.seed : null,
    format: model.formats.includes(draft.format as Format & "png") ? draft.format : "",
    values,
  };
}

function fitSize(draft: Draft, { sizes }: ModelOut): Pick<Draft, "shape" | "width" | "height"> {
  const { shape, width, height } = draft;
  if (shape !== "custom") {
    const [across = 1, down = 1] = shape.split(":").map(Number);
    const known = offeredRatios(sizes).includes(shape);
    return { width, height, shape: known ? shape : nearestRatio(sizes, across, down) };
  }
  if (fits(sizes, width, height)) return { shape, width, height };
  return { width, height, shape: nearestRatio(sizes, width || 1, height || 1) };
}

/** One wrong thing by the name of its field; the first in the order of the form comes first. */
export type Faults = Readonly<Record<string, string>>;

export function faultsIn(draft: Draft, model: ModelOut): Faults {
  const faults: Record<string, string> = {};
  const longest = model.max_prompt;
  if (draft.prompt.trim() === "") faults.prompt = "Write what you want to see.";
  else if (draft.prompt.length > longest)
    faults.prompt = `Use at most ${longest.toLocaleString()} characters.`;
  if (draft.negative.length > longest)
    faults.negative_prompt = `Use at most ${longest.toLocaleString()} characters.`;
  if (draft.shape === "custom")
    Object.assign(faults, sizeProblems(model.sizes, draft.width, draft.height));
  const { seed } = draft;
  if (seed !== null && (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED))
    faults.seed = "Enter a whole number from 0.";
  for (const parameter of parametersForText(model)) {
    const wrong = problemWith(parameter, shownValue(draft, parameter.name, parameter.initial));
    if (wrong) faults[parameter.name] = wrong;
  }
  return faults;
}

export function shownValue(draft: Draft, name: string, initial: unknown): unknown {
  return name in draft.values ? draft.values[name] : initial;
}

/** The request: everything as the form shows it, so that what is shown is what is made. */
export function toBody(draft: Draft, model: ModelOut): GenerateIn {
  const own: Record<string, unknown> = {};
  const standard: Record<string, unknown> = {};
  for (const { name, initial } of parametersForText(model)) {
    const value = shownValue(draft, name, initial);
    if (value === undefined || value === null || value === "") continue;
    (isStandard(name) ? standard : own)[name] = value;
  }
  const negative = draft.negative.trim();
  return {
    prompt: draft.prompt.trim(),
    ...(negative && can(model, "negative-prompt") ? { negative_prompt: negative } : {}),
    model: model.id,
    ...(draft.shape === "custom"
      ? { width: draft.width, height: draft.height }
      : { aspect_ratio: draft.shape }),
    num_images: draft.count,
    ...(draft.seed !== null ? { seed: draft.seed } : {}),
    ...(draft.format ? { output_format: draft.format as Format } : {}),
    ...standard,
    ...(Object.keys(own).length > 0 ? { parameters: own } : {}),
    ...(draft.failover ? { failover: true } : {}),
  };
}

type Made = Pick<ImageOut, "prompt" | "negative_prompt" | "model" | "parameters"> & {
  failover?: boolean;
  seed?: number | null;
  num_images?: number;
};

/** The settings that something was made with, for the form; fit it to the model afterwards. */
export function draftOf(made: Made, model: ModelOut | undefined): Draft {
  const { width, height, output_format } = made.parameters;
  const across = typeof width === "number" ? width : EMPTY.width;
  const down = typeof height === "number" ? height : EMPTY.height;
  const ratio = model && across && down ? ratioOfSize(model.sizes, across, down) : null;
  const seed = made.seed ?? made.parameters.seed;
  return {
    model: made.model,
    prompt: made.prompt,
    negative: made.negative_prompt,
    shape: ratio ?? "custom",
    width: across,
    height: down,
    count: made.num_images ?? 1,
    seed: typeof seed === "number" ? seed : null,
    format: model && output_format !== model.formats[0] ? String(output_format ?? "") : "",
    values: ownParameters(made.parameters),
    failover: made.failover ?? EMPTY.failover,
  };
}

/** The request that makes a generation once more, with its seed or with a new one. */
export function againBody(made: GenerationOut, seed: "same" | "new"): GenerateIn {
  const { width, height, output_format } = made.parameters;
  const entries = Object.entries(ownParameters(made.parameters));
  const own = Object.fromEntries(entries.filter(([name]) => !isStandard(name)));
  return {
    prompt: made.prompt,
    ...(made.negative_prompt ? { negative_prompt: made.negative_prompt } : {}),
    model: made.model,
    ...(typeof width === "number" && typeof height === "number" ? { width, height } : {}),
    num_images: made.num_images,
    ...(seed === "same" && typeof made.parameters.seed === "number"
      ? { seed: made.parameters.seed }
      : {}),
    ...(output_format ? { output_format: output_format as Format } : {}),
    ...Object.fromEntries(entries.filter(([name]) => isStandard(name))),
    ...(Object.keys(own).length > 0 ? { parameters: own } : {}),
    ...(made.failover ? { failover: true } : {}),
  };
}

export function ownParameters(parameters: Values): Values {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) => !PLACED.includes(name) && value !== null),
  );
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
