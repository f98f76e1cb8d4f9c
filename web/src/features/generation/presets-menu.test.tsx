import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { PresetIn, PresetOut } from "@/api/types.gen";
import { createQueryClient } from "@/lib/query-client";
import { Notices } from "@/ui/notices";
import { useComposer } from "./composer";
import { ComposerForm } from "./composer-form";
import { sketch } from "./test-samples";

const when = "2026-01-01T10:00:00Z";
const portraits: PresetOut = {
  id: "p1",
  name: "Portraits",
  settings: { model: sketch.id, aspect_ratio: "9:16", num_images: 2, steps: 20 },
  is_default: false,
  created_at: when,
  updated_at: when,
};
const covers: PresetOut = {
  ...portraits,
  id: "p2",
  name: "Covers",
  settings: { model: sketch.id, aspect_ratio: "16:9", style: "oil" },
};

beforeEach(() => localStorage.clear());

function Page() {
  return <ComposerForm composer={useComposer("ada", () => {})} project="" onProject={() => {}} />;
}

/** A studio that keeps presets, as the real one does. */
function open(presets: PresetOut[]) {
  let kept = presets;
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/models") return Response.json({ items: [sketch], default: sketch.id });
    if (!pathname.startsWith("/api/generate/presets")) return Response.json({ items: [] });
    const id = pathname.split("/")[4];
    if (request.method === "GET") return Response.json({ items: kept, next_cursor: null });
    if (request.method === "DELETE") {
      kept = kept.filter((each) => each.id !== id);
      return new Response(null, { status: 204 });
    }
    const body = (await request.json()) as PresetIn;
    if (kept.some((each) => each.id !== id && each.name === body.name)) {
      const errors = [{ field: "name", message: "is the name of another preset", code: "taken" }];
      return Response.json({ title: "No", status: 409, errors }, { status: 409 });
    }
    const made = { ...portraits, id: id ?? "new", is_default: false, ...body };
    kept = [made, ...kept.filter((each) => each.id !== made.id)];
    return Response.json(made, { status: id ? 200 : 201 });
  });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Page />
      <Notices />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), kept: () => kept };
}

const shape = (name: RegExp) => screen.getByRole<HTMLInputElement>("radio", { name });
const named = (name: string) => screen.findByRole("listitem", { name });

it("takes a preset by keyboard, leaves the prompt alone, and says where the form stands", async () => {
  const { user } = open([portraits, covers]);
  await user.type(await screen.findByLabelText("Prompt"), "a fox");
  (await screen.findByRole("button", { name: "Presets" })).focus();
  await user.keyboard("p");
  const items = await screen.findAllByRole("menuitem");
  expect(items.slice(0, 2).map(({ textContent }) => textContent)).toEqual(["Covers", "Portraits"]);
  await waitFor(() => expect(screen.getByRole("menu").contains(document.activeElement)).toBe(true));
  await user.keyboard("Portraits{Enter}");
  await waitFor(() => expect(shape(/9:16/).checked).toBe(true));
  expect(screen.getByLabelText<HTMLTextAreaElement>("Prompt").value).toBe("a fox");
  expect(screen.getByLabelText<HTMLInputElement>("Steps").value).toBe("20");
  expect(await screen.findByRole("button", { name: "Presets: Portraits" })).toBeTruthy();
  await user.click(shape(/16:9/));
  expect(await screen.findByRole("button", { name: "Presets" })).toBeTruthy();
});

it("saves the form's settings, and saves over a name that is there", async () => {
  const { user, kept } = open([covers]);
  await user.click(await screen.findByRole("radio", { name: "3" }));
  await user.click(screen.getByRole("button", { name: "Presets" }));
  await user.click(await screen.findByRole("menuitem", { name: "Save these settings…" }));
  const dialog = await screen.findByRole("dialog", { name: "Save these settings" });
  await user.click(within(dialog).getByRole("button", { name: "Save the preset" }));
  expect(await within(dialog).findByText("Enter a name.")).toBeTruthy();
  await user.type(within(dialog).getByLabelText("Preset name"), "Threes");
  await user.click(within(dialog).getByLabelText("My new drafts begin with it"));
  await user.click(within(dialog).getByRole("button", { name: "Save the preset" }));
  expect(await screen.findByRole("button", { name: "Presets: Threes" })).toBeTruthy();
  expect(kept()[0]).toMatchObject({ name: "Threes", is_default: true });
  expect(kept()[0]?.settings).toMatchObject({ model: sketch.id, num_images: 3 });

  await user.click(screen.getByRole("button", { name: "Presets: Threes" }));
  await user.click(await screen.findByRole("menuitem", { name: "Save these settings…" }));
  await user.type(await screen.findByLabelText("Preset name"), "covers");
  await user.click(await screen.findByRole("button", { name: "Save over it" }));
  await waitFor(() => expect(screen.queryByLabelText("Preset name")).toBeNull());
  expect(kept()).toHaveLength(2);
  expect(kept().find(({ id }) => id === "p2")?.settings).toMatchObject({ num_images: 3 });
});

it("renames, chooses the default, deletes and undoes", async () => {
  const { user, kept } = open([portraits, covers]);
  await user.click(await screen.findByRole("button", { name: "Presets" }));
  await user.click(await screen.findByRole("menuitem", { name: "Manage presets…" }));
  const row = await named("Covers");
  await user.click(within(row).getByRole("button", { name: "Begin new drafts with it" }));
  await waitFor(() => expect(kept().find(({ id }) => id === "p2")?.is_default).toBe(true));

  await user.click(within(await named("Covers")).getByRole("button", { name: "Rename" }));
  const name = await screen.findByLabelText("Preset name");
  await user.clear(name);
  await user.type(name, "Portraits{Enter}");
  expect(await screen.findByText("Is the name of another preset.")).toBeTruthy();
  await user.clear(name);
  await user.type(name, "Book covers{Enter}");
  await named("Book covers");
  expect(kept().find(({ id }) => id === "p2")).toMatchObject({ is_default: true });

  await user.click(within(await named("Portraits")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(kept()).toHaveLength(1));
  await user.click(await screen.findByRole("button", { name: "Undo", hidden: true }));
  await named("Portraits");
  expect(kept()[0]).toMatchObject({ name: "Portraits", settings: portraits.settings });
});

it("begins a new draft with the default, and a kept one as it was", async () => {
  const { user } = open([{ ...portraits, is_default: true }]);
  await waitFor(() => expect(shape(/9:16/).checked).toBe(true));
  await user.type(screen.getByLabelText("Prompt"), "a fox");
  await user.click(shape(/1:1/));
  await user.click(screen.getByRole("button", { name: "Presets" }));
  await user.click(await screen.findByRole("menuitem", { name: "Start a new draft" }));
  await waitFor(() => expect(shape(/9:16/).checked).toBe(true));
  expect(screen.getByLabelText<HTMLTextAreaElement>("Prompt").value).toBe("");
});

it("leaves a kept draft alone", async () => {
  localStorage.setItem("easel:draft:ada", JSON.stringify({ prompt: "a fox", shape: "16:9" }));
  open([{ ...portraits, is_default: true }]);
  await screen.findByRole("button", { name: "Presets" });
  expect(shape(/16:9/).checked).toBe(true);
});
