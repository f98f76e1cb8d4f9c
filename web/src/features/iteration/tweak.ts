/** Making a picture again with other settings: the same prompt and, unless it is let go, the same seed. */
import type { ImageOut, ModelOut, RemixIn } from "@/api/types.gen";
import {
  type Parameter,
  parametersForText,
  problemWith,
  type Values,
} from "@/features/catalogue/schema-fields";
import { type Draft, draftOf, fitDraft, rollSeed, toBody } from "@/features/generation/draft";

export type Tweak = {
  /** The settings that are not as the model has them by itself. */
  values: Values;
  /** With the picture's own seed. */
  locked: boolean;
  /** null: made from words, as the picture was. */
  strength: number | null;
};

/** What the picture was made with, as far as the model still knows it. */
export function startingTweak(image: ImageOut, model: ModelOut): Tweak {
  return { values: draftFor(image, model).values, locked: image.seed !== null, strength: null };
}

/** The settings that can be moved while one looks. */
export function movable(model: ModelOut): Parameter[] {
  return parametersForText(model).filter(({ kind }) => kind !== "json" && kind !== "text");
}

/** What is wrong with each setting, by its name. */
export function wrongIn({ values }: Tweak, model: ModelOut): Record<string, string> {
  const found: Record<string, string> = {};
  for (const parameter of movable(model)) {
    const { name, initial } = parameter;
    const wrong = problemWith(parameter, name in values ? values[name] : initial);
    if (wrong) found[name] = wrong;
  }
  return found;
}

export const shownValue = ({ values }: Tweak, { name, initial }: Parameter): unknown =>
  name in values ? values[name] : initial;

/** A setting at another value; undefined is the model's own. */
export function withValue(tweak: Tweak, name: string, value: unknown): Tweak {
  const { [name]: _, ...others } = tweak.values;
  return { ...tweak, values: value === undefined ? others : { ...others, [name]: value } };
}

/** The request. Its size is left to the server: the picture's own. */
export function bodyOf(image: ImageOut, model: ModelOut, tweak: Tweak): RemixIn {
  const { values, locked, strength } = tweak;
  const seed = locked ? image.seed : rollSeed();
  const draft: Draft = { ...draftFor(image, model), values, seed, count: 1, failover: false };
  const { aspect_ratio: _a, width: _w, height: _h, num_images: _n, ...body } = toBody(draft, model);
  return { ...body, ...(strength === null ? {} : { strength }) };
}

function draftFor(image: ImageOut, model: ModelOut): Draft {
  return fitDraft(draftOf(image, model), model);
}
