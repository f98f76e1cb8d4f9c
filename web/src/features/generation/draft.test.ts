import { expect, it } from "vitest";
import type { GenerationOut } from "@/api/types.gen";
import { againBody, type Draft, draftOf, EMPTY, faultsIn, fitDraft, toBody } from "./draft";
import { readDraft, writeDraft } from "./draft-storage";
import { sketch } from "./test-samples";

const draft: Draft = { ...EMPTY, prompt: " a fox ", values: { steps: 20, style: "oil" } };

it("sends everything as shown", () => {
  expect(toBody(draft, sketch)).toEqual({
    prompt: "a fox",
    model: "sketch/sketch-1",
    aspect_ratio: "1:1",
    num_images: 1,
    steps: 20,
    guidance: 7,
    style: "oil",
  });
  const more = { ...draft, shape: "custom", width: 640, height: 480, seed: 5, format: "webp" };
  expect(toBody({ ...(more as Draft), negative: "trees", count: 3 }, sketch)).toEqual({
    prompt: "a fox",
    negative_prompt: "trees",
    model: "sketch/sketch-1",
    width: 640,
    height: 480,
    num_images: 3,
    seed: 5,
    output_format: "webp",
    steps: 20,
    guidance: 7,
    style: "oil",
  });
});

it("sends a model's own parameters in their place, and no negative prompt to a model without", () => {
  const other = {
    ...sketch,
    capabilities: [],
    parameters: { properties: { steps: { type: "integer" }, clip_skip: { type: "integer" } } },
    defaults: { steps: 4 },
  };
  const values = { clip_skip: 2 };
  expect(toBody({ ...draft, negative: "trees", values }, other)).toMatchObject({
    steps: 4,
    parameters: { clip_skip: 2 },
  });
  expect(toBody({ ...draft, negative: "trees", values }, other)).not.toHaveProperty(
    "negative_prompt",
  );
});

it("drops on a change of model what the new one does not take, and keeps the rest", () => {
  const full: Draft = {
    ...draft,
    shape: "custom",
    width: 4000,
    height: 2000,
    count: 9,
    format: "avif",
    seed: 7,
    values: { steps: 99, guidance: 3, style: "oil", clip_skip: 2 },
  };
  expect(fitDraft(full, sketch)).toEqual({
    ...full,
    model: "sketch/sketch-1",
    shape: "16:9",
    count: 4,
    format: "",
    values: { guidance: 3, style: "oil" },
  });
  expect(fitDraft(full, { ...sketch, capabilities: [] }).seed).toBeNull();
});

it("says what is wrong before the server has to", () => {
  expect(faultsIn(EMPTY, sketch)).toEqual({ prompt: "Write what you want to see." });
  const wrong = { ...draft, shape: "custom", width: 1, values: { steps: 99 }, seed: -1 } as Draft;
  expect(faultsIn(wrong, sketch)).toEqual({
    width: "Enter 64 to 2048.",
    seed: "Enter a whole number from 0.",
    steps: "Enter 1 to 50.",
  });
});

const made = {
  prompt: "a fox",
  negative_prompt: "",
  model: "sketch/sketch-1",
  num_images: 2,
  parameters: {
    seed: 9,
    width: 1360,
    height: 768,
    output_format: "png",
    steps: 12,
    guidance: 7,
    clip_skip: 2,
  },
};

it("takes the settings back from what was made", () => {
  const back = fitDraft(draftOf(made, sketch), sketch);
  expect(back).toMatchObject({ prompt: "a fox", shape: "16:9", count: 2, seed: 9, format: "" });
  expect(back.values).toEqual({ steps: 12 });
  expect(draftOf({ ...made, seed: 10, num_images: 1 }, sketch).seed).toBe(10);
});

it("asks for the same again, with the seed or without", () => {
  const generation = made as unknown as GenerationOut;
  expect(againBody(generation, "same")).toEqual({
    prompt: "a fox",
    model: "sketch/sketch-1",
    width: 1360,
    height: 768,
    num_images: 2,
    seed: 9,
    output_format: "png",
    steps: 12,
    guidance: 7,
    parameters: { clip_skip: 2 },
  });
  expect(againBody(generation, "new")).not.toHaveProperty("seed");
});

it("keeps a draft for each account and forgives what it cannot read", () => {
  writeDraft("ada", { ...draft, seed: 3 });
  expect(readDraft("ada")).toEqual({ ...draft, seed: 3 });
  expect(readDraft("bob")).toEqual(EMPTY);
  localStorage.setItem("easel:draft:bob", '{"prompt":"hi","shape":"9:1","count":"x"}');
  expect(readDraft("bob")).toEqual({ ...EMPTY, prompt: "hi" });
  localStorage.setItem("easel:draft:bob", "{");
  expect(readDraft("bob")).toEqual(EMPTY);
});
