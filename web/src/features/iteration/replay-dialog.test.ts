import { expect, it } from "vitest";
import { wishOf } from "./replay-dialog";

it("asks for nothing while nothing would be other than it was", () => {
  const image = { prompt: "a red fox" };
  expect(wishOf(image, { prompt: " a red fox ", model: "", keep: true })).toBeNull();
  expect(wishOf(image, { prompt: "", model: "", keep: false })).toBeNull();
  expect(wishOf(image, { prompt: "a wolf ", model: "", keep: false })).toEqual({
    prompt: "a wolf",
  });
  expect(wishOf(image, { prompt: "a red fox", model: "a/b", keep: true })).toEqual({
    model: "a/b",
    keep_models: true,
  });
});
