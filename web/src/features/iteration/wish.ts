/** What can be made of a picture: the operations, what each is sent, and the models that can do it. */
import {
  editImage,
  imageToImage,
  inpaintImage,
  outpaintImage,
  remixImage,
  removeBackground,
  upscaleImage,
  varyImage,
} from "@/api/sdk.gen";
import type {
  Capability,
  EditIn,
  GenerationOut,
  ImageOut,
  ImageToImageIn,
  InpaintIn,
  ModelOut,
  OutpaintIn,
  RemixIn,
  RemoveBackgroundIn,
  UpscaleIn,
  VariationIn,
} from "@/api/types.gen";

/** An operation with what is sent for it. */
export type Wish =
  | { operation: "variation"; body: VariationIn }
  | { operation: "remix"; body: RemixIn }
  | { operation: "image-to-image"; body: Omit<ImageToImageIn, "image_id"> }
  | { operation: "inpaint"; body: InpaintIn }
  | { operation: "outpaint"; body: OutpaintIn }
  | { operation: "upscale"; body: UpscaleIn }
  | { operation: "remove-background"; body: RemoveBackgroundIn }
  | { operation: "edit"; body: EditIn };
export type Operation = Wish["operation"];

/** Asks for it. The same key twice is one request. */
export async function send(image: string, wish: Wish, key: string): Promise<GenerationOut> {
  const path = { id: image };
  const headers = { "Idempotency-Key": key };
  const options = { path, headers, throwOnError: true } as const;
  switch (wish.operation) {
    case "variation":
      return (await varyImage({ ...options, body: wish.body })).data;
    case "remix":
      return (await remixImage({ ...options, body: wish.body })).data;
    case "image-to-image": {
      const body = { ...wish.body, image_id: image };
      return (await imageToImage({ headers, body, throwOnError: true })).data;
    }
    case "inpaint":
      return (await inpaintImage({ ...options, body: wish.body })).data;
    case "outpaint":
      return (await outpaintImage({ ...options, body: wish.body })).data;
    case "upscale":
      return (await upscaleImage({ ...options, body: wish.body })).data;
    case "remove-background":
      return (await removeBackground({ ...options, body: wish.body })).data;
    case "edit":
      return (await editImage({ ...options, body: wish.body })).data;
  }
}

type Asked = { prompt: string; strength: number | null; styled: boolean };

/** The ways in which a model may do an operation, the best first: the server's own order. */
function ways(operation: Operation, { prompt, strength }: Asked): Capability[] {
  const text: Capability[] = prompt.trim() ? ["text-to-image"] : [];
  if (operation === "variation")
    return strength === null ? ["variation", ...text, "image-to-image"] : ["image-to-image"];
  if (operation === "remix") return strength === null ? text : ["image-to-image"];
  return [operation];
}

/** The models that can do an operation, those that cannot be used now among them. */
export function ableModels(
  models: readonly ModelOut[],
  operation: Operation,
  asked: Asked,
): ModelOut[] {
  const wanted = ways(operation, asked);
  return models.filter(
    ({ active, retired, capabilities }) =>
      active &&
      !retired &&
      wanted.some((way) => capabilities.includes(way)) &&
      (!asked.styled || capabilities.includes("style-image")),
  );
}

/** What a form of an operation holds. Each operation sends its part of it. */
export type Draft = {
  /** Empty: the server chooses. */
  model: string;
  prompt: string;
  count: number;
  /** null: not painted over. */
  strength: number | null;
  scale: 2 | 4 | 8;
  style: string | null;
};

export type FormOperation =
  | "variation"
  | "remix"
  | "image-to-image"
  | "upscale"
  | "remove-background";

export function startingDraft(operation: FormOperation, image: ImageOut): Draft {
  const strength = operation === "image-to-image" ? 0.5 : null;
  return { model: "", prompt: image.prompt, count: 1, strength, scale: 2, style: null };
}

export function wishOf(operation: FormOperation, draft: Draft): Wish {
  const { prompt, scale, style } = draft;
  const model = draft.model ? { model: draft.model } : {};
  const count = draft.count > 1 ? { num_images: draft.count } : {};
  const strength = draft.strength === null ? {} : { strength: draft.strength };
  switch (operation) {
    case "variation":
      return { operation, body: { ...model, ...count, ...strength } };
    case "remix":
      return { operation, body: { prompt, ...model, ...count, ...strength } };
    case "image-to-image": {
      const styled = style ? { style_image_id: style } : {};
      return { operation, body: { prompt, ...model, ...count, ...strength, ...styled } };
    }
    case "upscale":
      return { operation, body: { scale, ...model } };
    case "remove-background":
      return { operation, body: { ...model } };
  }
}
