import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { ImageProviderOut } from "@/api/types.gen";
import { createQueryClient } from "@/lib/query-client";
import { ProvidersPanel } from "./providers-panel";

const FAL: ImageProviderOut = {
  provider: "fal",
  title: "fal",
  description: "Models in the cloud.",
  ready: false,
  checkable: true,
  setting: null,
  key: {
    provider: "fal",
    title: "fal",
    environment_variable: "FAL_KEY",
    from_environment: false,
    last_four: null,
    set_at: null,
  },
};
const COMFY: ImageProviderOut = {
  provider: "comfyui",
  title: "ComfyUI",
  description: "A server of your own.",
  ready: true,
  checkable: true,
  setting: "COMFYUI_URL",
  key: null,
};
const AWAY = {
  id: "comfyui/v1-5",
  provider: "comfyui",
  active: true,
  available: false,
  needs_key: false,
  unavailable_reason: "ComfyUI cannot be reached.",
};

function open(items: ImageProviderOut[]) {
  const asked: [method: string, path: string, body: string][] = [];
  let known = items;
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const text = await request.text();
      const path = new URL(request.url).pathname;
      asked.push([request.method, path, text]);
      if (path.endsWith("/models")) return Response.json({ items: [AWAY], default: "" });
      if (path.endsWith("/check"))
        return Response.json(
          path.includes("fal")
            ? { provider: "fal", ok: true, code: null, message: "fal knows this key." }
            : { provider: "comfyui", ok: false, code: "unavailable", message: "Nobody is there." },
        );
      if (request.method === "PUT") {
        const { key } = JSON.parse(text) as { key: string | null };
        if (key?.includes(" ")) {
          const errors = [{ field: "key", message: "must have no spaces", code: "x" }];
          return Response.json({ title: "No", status: 422, errors }, { status: 422 });
        }
        known = known.map((item) => ({
          ...item,
          ready: key !== null,
          key: item.key && { ...item.key, last_four: key?.slice(-4) ?? null },
        }));
      }
      return Response.json({ items: known, next_cursor: null, total: known.length });
    }),
  );
  const router = createRouter({
    routeTree: createRootRoute({ component: ProvidersPanel }),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { asked, user: userEvent.setup() };
}

it("saves a key, shows its end alone, tests it, and removes it after asking", async () => {
  const { asked, user } = open([FAL]);
  expect(await screen.findByText(/can set FAL_KEY for everyone/)).toBeTruthy();
  expect(screen.getByText("Needs a key")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Test this key" })).toBeNull();
  const field = screen.getByLabelText<HTMLInputElement>("Key for fal");
  await user.type(field, "with space{Enter}");
  expect(await screen.findByText("Must have no spaces.")).toBeTruthy();
  await user.clear(field);
  await user.type(field, "fal-key-4711");
  await user.click(screen.getByRole("button", { name: "Save key" }));
  expect(await screen.findByText("Your key ends in 4711.")).toBeTruthy();
  expect(field.value).toBe("");
  expect(document.body.textContent).not.toContain("fal-key");

  await user.click(screen.getByRole("button", { name: "Test this key" }));
  expect(await screen.findByText("fal knows this key.")).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Remove key" }));
  const dialog = await screen.findByRole("alertdialog");
  await user.click(within(dialog).getByRole("button", { name: "Remove key" }));
  expect(await screen.findByText(/No key yet/)).toBeTruthy();
  // What was said of the key that is gone is gone with it.
  expect(screen.queryByText("fal knows this key.")).toBeNull();
  const put = asked.filter(([method]) => method === "PUT").at(-1);
  expect(put?.[2]).toBe(JSON.stringify({ provider: "fal", key: null }));
});

it("says of a server whether it answers, how many models it has, and how it is set up", async () => {
  const { user } = open([COMFY, { ...COMFY, provider: "a1111", title: "A1111", ready: false }]);
  const comfy = await screen.findByRole("region", { name: "ComfyUI" });
  expect(await within(comfy).findByText("1 model")).toBeTruthy();
  expect(within(comfy).getByText("ComfyUI cannot be reached.")).toBeTruthy();
  await user.click(within(comfy).getByRole("button", { name: "Test the server" }));
  expect(await within(comfy).findByText("Nobody is there.")).toBeTruthy();
  const other = screen.getByRole("region", { name: "A1111" });
  expect(within(other).getByText("Not set up")).toBeTruthy();
  expect(within(other).getByText("COMFYUI_URL")).toBeTruthy();
  expect(within(other).queryByRole("button")).toBeNull();
});
