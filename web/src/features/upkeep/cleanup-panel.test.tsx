import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { picture } from "@/features/library/test-images";
import { createQueryClient } from "@/lib/query-client";
import { CleanupPanel } from "./cleanup-panel";

const UNDO = picture(9).id;
const filter = { rated: false, favorite: false, project_id: "none", tags: ["sketch"] };

it("tries a rule, keeps it, and takes a run back", async () => {
  const asked: { name: string; body: unknown }[] = [];
  let kept = {
    enabled: false,
    older_than_days: 90,
    filter: filter as object,
    next_run_at: null as string | null,
    runs: [{ id: UNDO, created_at: "2026-11-20T10:00:00Z", images: 3, bytes: 3000, undo_id: UNDO }],
  };
  const fetch = vi.fn(async (request: Request) => {
    const name = `${request.method} ${new URL(request.url).pathname}`;
    const text = await request.text();
    const body = text ? JSON.parse(text) : null;
    asked.push({ name, body });
    if (name === "PUT /api/settings/cleanup")
      kept = { ...kept, ...body, next_run_at: "2026-11-22T10:00:00Z" };
    if (name.endsWith("/dry-run"))
      return Response.json({ images: 40, bytes: 5_000_000, first: [picture(1), picture(2)] });
    if (name.includes("/undo/"))
      return Response.json({ changed: 3, failed: [], job_id: null, undo_id: null });
    return Response.json(kept);
  });
  vi.stubGlobal("fetch", fetch);
  const root = createRootRoute();
  const home = createRoute({ getParentRoute: () => root, path: "/", component: CleanupPanel });
  const router = createRouter({
    routeTree: root.addChildren([home]),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  const on = await screen.findByRole("switch", { name: "Clean up every day" });
  expect(on).toHaveProperty("checked", false);
  expect(screen.getByRole("switch", { name: "In no collection" })).toHaveProperty("checked", false);

  await user.click(screen.getByRole("button", { name: "See what would go now" }));
  expect(await screen.findByText(/40 pictures, .* would go to the trash now\./)).toBeTruthy();
  expect(screen.getAllByRole("link", { name: /Picture/ })).toHaveLength(2);
  // Changed, the rule is another than the one that was tried.
  await user.click(screen.getByRole("switch", { name: "In no collection" }));
  expect(screen.queryByText(/would go to the trash now/)).toBeNull();

  await user.click(on);
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/^Next:/)).toBeTruthy();
  const put = asked.find(({ name }) => name.startsWith("PUT"));
  expect(put?.body).toEqual({
    enabled: true,
    older_than_days: 90,
    filter: { ...filter, collection_id: "none" },
  });

  const days = screen.getByLabelText("Only pictures untouched for so many days");
  await user.clear(days);
  expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  await user.click(screen.getByRole("button", { name: "Take it back" }));
  await waitFor(() =>
    expect(asked.some(({ name }) => name === `POST /api/images/undo/${UNDO}`)).toBe(true),
  );
});
