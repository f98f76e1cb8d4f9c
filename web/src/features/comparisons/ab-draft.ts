/** What the form of a new comparison holds, and the request that it stands for. */
import type { ComparisonIn, ModelOut } from "@/api/types.gen";
import { type Parameter, parametersForText, problemWith } from "@/features/catalogue/schema-fields";
import { offeredRatios } from "@/features/catalogue/sizes";

export type Varies = ComparisonIn["varies"];
type Value = ComparisonIn["values"][number];

export type AbDraft = {
  varies: Varies;
  prompt: string;
  prompts: [string, string];
  /** Empty: the studio's default. */
  model: string;
  models: [string, string];
  setting: string;
  /** By setting, so that trying another one loses nothing. */
  values: Readonly<Record<string, [unknown, unknown]>>;
  shape: string;
  pairs: number;
  blind: boolean;
};

export const EMPTY: AbDraft = {
  varies: "prompt",
  prompt: "",
  prompts: ["", ""],
  model: "",
  models: ["", ""],
  setting: "",
  values: {},
  shape: "",
  pairs: 1,
  blind: true,
};

/** What two sides of the same model can differ in. */
export function settingsOf(model: ModelOut): Parameter[] {
  const shapes = offeredRatios(model.sizes);
  const shape: Parameter = {
    kind: "choice",
    name: "aspect_ratio",
    label: "Shape",
    help: "",
    initial: shapes[0],
    optional: false,
    values: shapes,
  };
  const own = parametersForText(model).filter(({ kind }) => kind !== "json");
  return shapes.length > 1 ? [...own, shape] : own;
}

/** The values that a setting begins with: the model's own and another one. */
export function startOf(parameter: Parameter): [unknown, unknown] {
  switch (parameter.kind) {
    case "switch":
      return [false, true];
    case "choice":
      return [parameter.values[0], parameter.values[1]];
    case "number": {
      const { initial, min, max, step } = parameter;
      const first = typeof initial === "number" ? initial : (min ?? 0);
      const more = Math.max(step, Math.round((first * 0.5) / step) * step);
      const second = max === null || first + more <= max ? first + more : first - more;
      return [first, Number(second.toPrecision(12))];
    }
    default:
      return ["", ""];
  }
}

/** The request, or null while something is missing that only the person can say. */
export function bodyOf(draft: AbDraft, model: ModelOut): ComparisonIn | null {
  const { varies, prompt, pairs, blind } = draft;
  const common = {
    ...(varies === "prompt" ? {} : { prompt: prompt.trim() }),
    ...(varies === "model" ? {} : { model: model.id }),
    ...(draft.shape && !(varies === "setting" && draft.setting === "aspect_ratio")
      ? { aspect_ratio: draft.shape as NonNullable<ComparisonIn["request"]["aspect_ratio"]> }
      : {}),
  };
  if (varies !== "prompt" && !prompt.trim()) return null;
  if (varies === "setting") {
    const parameter = settingsOf(model).find(({ name }) => name === draft.setting);
    if (!parameter) return null;
    const values = draft.values[parameter.name] ?? startOf(parameter);
    const bad = values.some((value) => value === undefined || problemWith(parameter, value));
    if (bad || values[0] === values[1]) return null;
    return {
      varies,
      setting: parameter.name,
      values: values as [Value, Value],
      request: common,
      pairs,
      blind,
    };
  }
  const [one, other] = varies === "prompt" ? draft.prompts : draft.models;
  const values: [string, string] = [one.trim(), other.trim()];
  if (!values[0] || !values[1] || values[0] === values[1]) return null;
  return { varies, values, request: common, pairs, blind };
}
