import { expect, test } from "vitest";
import type { ImageOut, ModelOut } from "@/api/types.gen";
import { bodyOf, movable, shownValue, startingTweak, withValue, wrongIn } from "./tweak";

const model = {
  id: "m/one",
  parameters: {
    properties: {
      guidance: { type: "number", minimum: 0, maximum: 20 },
      tiles: { type: "integer", minimum: 1, maximum: 8 },
      note: { type: "string" },
    },
  },
  defaults: { guidance: 7, tiles: 2 },
  capabilities: ["text-to-image", "seed"],
  sizes: { aspect_ratios: { "1:1": [64, 64] }, only: [] },
  formats: ["png"],
  max_images: 4,
} as unknown as ModelOut;
const image = {
  prompt: "a fox",
  negative_prompt: "",
  model: "m/one",
  seed: 42,
  parameters: { guidance: 9, tiles: 2, width: 64, height: 64, seed: 42 },
} as unknown as ImageOut;

test("a tweak begins as the picture was made, with its seed", () => {
  const tweak = startingTweak(image, model);
  const [guidance, tiles, ...others] = movable(model);
  expect(others).toEqual([]);
  expect(guidance && shownValue(tweak, guidance)).toBe(9);
  expect(tiles && shownValue(tweak, tiles)).toBe(2);
  expect(bodyOf(image, model, tweak)).toEqual({
    prompt: "a fox",
    model: "m/one",
    seed: 42,
    guidance: 9,
    parameters: { tiles: 2 },
  });
});

test("values change one by one, and back to the model's own", () => {
  const start = startingTweak(image, model);
  const more = withValue(start, "tiles", 9);
  expect(Object.keys(wrongIn(more, model))).toEqual(["tiles"]);
  const own = withValue(withValue(start, "tiles", 3), "guidance", undefined);
  expect(wrongIn(own, model)).toEqual({});
  const body = bodyOf(image, model, { ...own, locked: false, strength: 0.4 });
  expect(body).toMatchObject({ guidance: 7, parameters: { tiles: 3 }, strength: 0.4 });
  expect(body.seed).not.toBe(42);
});
