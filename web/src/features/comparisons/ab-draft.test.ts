import { describe, expect, test } from "vitest";
import type { ComparisonOut, ModelOut, StandingOut } from "@/api/types.gen";
import { bodyOf, EMPTY, settingsOf, startOf } from "./ab-draft";
import { outcomeText, rateText } from "./ab-words";
import { nextOf } from "./comparisons";

const model = {
  id: "m/one",
  parameters: {
    properties: {
      guidance: { type: "number", minimum: 0, maximum: 20, title: "Guidance" },
      tiled: { type: "boolean" },
      strength: { type: "number", minimum: 0, maximum: 1 },
    },
  },
  defaults: { guidance: 7, tiled: false },
  sizes: { aspect_ratios: { "1:1": [64, 64], "3:2": [96, 64] }, only: [] },
} as unknown as ModelOut;

describe("the request", () => {
  test("is there once both values are, and are not the same", () => {
    expect(bodyOf({ ...EMPTY, prompts: ["a fox", " "] }, model)).toBeNull();
    expect(bodyOf({ ...EMPTY, prompts: ["a fox", "a fox "] }, model)).toBeNull();
    expect(bodyOf({ ...EMPTY, prompts: ["a fox", "a hen"], shape: "3:2" }, model)).toEqual({
      varies: "prompt",
      values: ["a fox", "a hen"],
      request: { model: "m/one", aspect_ratio: "3:2" },
      pairs: 1,
      blind: true,
    });
    expect(
      bodyOf({ ...EMPTY, varies: "model", models: ["a", "b"], prompt: "x" }, model),
    ).toMatchObject({ values: ["a", "b"], request: { prompt: "x" } });
  });

  test("of a setting has values that the model takes, and says its shape once", () => {
    const draft = { ...EMPTY, varies: "setting", prompt: "x", shape: "3:2" } as const;
    expect(bodyOf({ ...draft, setting: "guidance" }, model)).toMatchObject({
      setting: "guidance",
      values: [7, 10.5],
    });
    expect(
      bodyOf({ ...draft, setting: "guidance", values: { guidance: [7, 70] } }, model),
    ).toBeNull();
    expect(bodyOf({ ...draft, setting: "tiled" }, model)).toMatchObject({ values: [false, true] });
    const shapes = bodyOf({ ...draft, setting: "aspect_ratio" }, model);
    expect(shapes).toMatchObject({ values: ["1:1", "3:2"] });
    expect(shapes?.request.aspect_ratio).toBeUndefined();
    expect(settingsOf(model).map(({ name }) => name)).toEqual([
      "guidance",
      "tiled",
      "aspect_ratio",
    ]);
  });

  test("begins with another value below the most", () => {
    const [guidance] = settingsOf(model);
    expect(guidance && startOf({ ...guidance, initial: 18 })).toEqual([18, 9]);
  });
});

test("the next pair is one that can be judged, before one that is being made", () => {
  const pair = (id: string, status: string) => ({ id, status }) as ComparisonOut;
  const waiting = [pair("void", "void"), pair("made", "running"), pair("one", "ready")];
  expect(nextOf(waiting)?.id).toBe("one");
  expect(nextOf(waiting, "one")?.id).toBe("made");
  expect(nextOf([pair("void", "void")])).toBeNull();
});

test("outcomes and rates are told in words", () => {
  const standing = { win_rate: 2 / 3, low: 0.2077, high: 0.9385 } as StandingOut;
  expect(rateText(standing)).toBe("67 % (21–94 %)");
  expect(rateText({ ...standing, win_rate: null })).toBe("–");
  const pair = { varies: "setting", values: [false, true], vote: "left", winner: 1 };
  expect(outcomeText(pair as unknown as ComparisonOut, String)).toBe("B won: On");
});
