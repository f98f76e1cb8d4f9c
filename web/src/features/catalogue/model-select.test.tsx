import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { ModelOut } from "@/api/types.gen";
import { ModelSelect } from "./model-select";

const model = (number: number, name: string, more: Partial<ModelOut> = {}) =>
  ({
    id: `maker/model-${number}`,
    provider_name: "Maker",
    name,
    description: `Number ${number}.`,
    category: "general",
    capabilities: ["text-to-image"],
    cost: { credits: 1, unit: "image", explanation: "", free: false },
    speed: 3,
    quality: 3,
    best_use: "Drafts.",
    active: true,
    available: true,
    unavailable_reason: null,
    down_until: null,
    ...more,
  }) as ModelOut;

const names = ["Aster", "Birch", "Cedar", "Dahlia", "Elm", "Fern", "Ginkgo Fast"];
const models = names.map((name, index) => model(index + 1, name));

function open(some: readonly ModelOut[]) {
  const onChange = vi.fn();
  render(
    <>
      <label htmlFor="model">Model</label>
      <ModelSelect id="model" models={some} value="maker/model-2" onChange={onChange} />
    </>,
  );
  return { user: userEvent.setup(), onChange };
}

it("finds one of many by keyboard", async () => {
  const { user, onChange } = open(models);
  const trigger = screen.getByLabelText("Model");
  expect(trigger.textContent).toBe("Birch");
  trigger.focus();
  await user.keyboard("{Enter}");
  await user.type(await screen.findByPlaceholderText("Search the models"), "fast gin");
  expect((await screen.findAllByRole("option")).length).toBe(1);
  await user.keyboard("{Enter}");
  expect(onChange).toHaveBeenCalledExactlyOnceWith("maker/model-7");
});

it("says when there is none", async () => {
  const { user } = open(models);
  await user.click(screen.getByLabelText("Model"));
  await user.type(await screen.findByPlaceholderText("Search the models"), "zzz");
  expect(await screen.findByText("No model is called that.")).toBeTruthy();
  expect(screen.queryByRole("option")).toBeNull();
});

it("asks nobody to search among few", async () => {
  const { user } = open(models.slice(0, 3));
  await user.click(screen.getByLabelText("Model"));
  expect(await screen.findAllByRole("option")).toHaveLength(3);
  expect(screen.queryByPlaceholderText("Search the models")).toBeNull();
});
