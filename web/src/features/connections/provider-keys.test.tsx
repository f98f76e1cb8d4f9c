import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { ProviderKeyOut } from "@/api/types.gen";
import { createQueryClient } from "@/lib/query-client";
import { ProviderKeys } from "./provider-keys";

const NONE: ProviderKeyOut = {
  provider: "fal",
  title: "fal",
  environment_variable: "FAL_KEY",
  from_environment: false,
  last_four: null,
  set_at: null,
};

function open(items: ProviderKeyOut[]) {
  const asked: [method: string, body: string][] = [];
  let known = items;
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const text = await request.text();
      asked.push([request.method, text]);
      if (request.method === "PUT") {
        const { key } = JSON.parse(text) as { key: string | null };
        if (key?.includes(" ")) {
          const errors = [{ field: "key", message: "must have no spaces", code: "x" }];
          return Response.json({ title: "No", status: 422, errors }, { status: 422 });
        }
        known = known.map((item) => ({ ...item, last_four: key?.slice(-4) ?? null }));
      }
      return Response.json({ items: known, next_cursor: null, total: known.length });
    }),
  );
  const { container } = render(
    <QueryClientProvider client={createQueryClient()}>
      <ProviderKeys />
    </QueryClientProvider>,
  );
  return { asked, container, user: userEvent.setup() };
}

it("shows nothing where no provider takes a key", async () => {
  const { asked, container } = open([]);
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(container.textContent).toBe("");
});

it("saves a key, shows its end alone, and removes it after asking", async () => {
  const { asked, user } = open([NONE]);
  expect(await screen.findByText(/can set FAL_KEY for everyone/)).toBeTruthy();
  const field = screen.getByLabelText<HTMLInputElement>("Key for fal");
  await user.type(field, "with space{Enter}");
  expect(await screen.findByText("Must have no spaces.")).toBeTruthy();
  await user.clear(field);
  await user.type(field, "fal-key-4711");
  await user.click(screen.getByRole("button", { name: "Save key" }));
  expect(await screen.findByText("Your key ends in 4711.")).toBeTruthy();
  expect(field.value).toBe("");
  expect(document.body.textContent).not.toContain("fal-key");

  await user.click(screen.getByRole("button", { name: "Remove key" }));
  const dialog = await screen.findByRole("alertdialog");
  await user.click(within(dialog).getByRole("button", { name: "Remove key" }));
  expect(await screen.findByText(/No key yet/)).toBeTruthy();
  expect(asked.at(-1)).toEqual(["PUT", JSON.stringify({ provider: "fal", key: null })]);
});
