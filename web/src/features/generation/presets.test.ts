import { expect, it } from "vitest";
import { EMPTY, fitDraft } from "./draft";
import { draftWith, settingsOf } from "./presets";
import { sketch } from "./test-samples";

const draft = { ...EMPTY, prompt: "a fox", model: sketch.id };

it("keeps all but the prompt, and gives it back", () => {
  const made = fitDraft(
    {
      ...draft,
      negative: "fog",
      shape: "16:9",
      count: 3,
      seed: 7,
      format: "webp",
      values: { steps: 12, style: "oil" },
    },
    sketch,
  );
  const settings = settingsOf(made, sketch);
  expect(settings).not.toHaveProperty("prompt");
  const back = fitDraft(draftWith({ ...EMPTY, prompt: "a hare" }, settings, sketch), sketch);
  expect(back).toEqual({ ...made, prompt: "a hare" });
});

it("knows a size as the shape that makes it, and else as one's own", () => {
  const at = (settings: object) => draftWith(draft, { model: sketch.id, ...settings }, sketch);
  expect(at({ size: "1360x768" }).shape).toBe("16:9");
  expect(at({ width: 1080, height: 1350 })).toMatchObject({
    shape: "custom",
    width: 1080,
    height: 1350,
  });
  expect(at({})).toMatchObject({ shape: "1:1", count: 1, seed: null, format: "", values: {} });
});

it("passes over what the server says with null", () => {
  const settings = { model: sketch.id, steps: null, guidance: 3, seed: null, parameters: {} };
  expect(draftWith(draft, settings, sketch).values).toEqual({ guidance: 3 });
});
