import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { picture } from "@/features/library/test-images";
import { createQueryClient } from "@/lib/query-client";
import { Notices } from "@/ui/notices";
import { DuplicatesPage } from "./duplicates-page";
import type { Likeness } from "./likeness";

type Answer = (body: unknown, url: URL) => unknown;

function open(answers: Record<string, Answer>) {
  const asked: { name: string; body: unknown }[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const url = new URL(request.url);
      const name = `${request.method} ${url.pathname}`;
      const text = await request.text();
      const body = text ? JSON.parse(text) : null;
      asked.push({ name: name + url.search, body });
      const answer = answers[name]?.(body, url) ?? Response.json({ status: 404 }, { status: 404 });
      return answer instanceof Response ? answer : Response.json(answer);
    }),
  );
  const root = createRootRoute();
  const home = createRoute({ getParentRoute: () => root, path: "/", component: Page });
  const router = createRouter({
    routeTree: root.addChildren([home]),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router as never} />
      <Notices />
    </QueryClientProvider>,
  );
  return { asked, user: userEvent.setup() };
}

function Page() {
  const [likeness, setLikeness] = useState<Likeness>({});
  return <DuplicatesPage likeness={likeness} onLikeness={setLikeness} />;
}

const group = (key: string, ...images: ReturnType<typeof picture>[]) => ({
  key,
  images,
  total: images.length,
  whole: true,
});
const page = (items: unknown[], next: string | null = null, progress = 1, dismissed = 0) => ({
  items,
  next_cursor: next,
  total: null,
  progress,
  dismissed,
});
const foxes = group("foxes", picture(1), picture(2, { rating: 5 }), picture(3));
const wolves = group("wolves", picture(4, { width: 2000 }), picture(5));
const trashed = { changed: 1, failed: [], job_id: null, undo_id: picture(99).id };
const base: Record<string, Answer> = {
  "GET /api/projects": () => ({ items: [], next_cursor: null, total: null }),
  "POST /api/images/bulk-delete": () => trashed,
  "POST /api/images/duplicates/dismissals": () => new Response(null, { status: 204 }),
};
const ids = (...at: number[]) => at.map((one) => picture(one).id);
const kept = async () =>
  (await screen.findAllByRole("button", { pressed: true })).map((one) =>
    one.getAttribute("aria-label")?.replace(/,.*/, ""),
  );

it("asks on until the library is looked through, and keeps by rule or by hand", async () => {
  const { asked, user } = open({
    ...base,
    "GET /api/images/duplicates": (_, url) =>
      url.searchParams.get("cursor") ? page([wolves]) : page([foxes], "next", 0.5),
  });
  await screen.findByRole("button", { name: /Keep Picture 5/ });
  expect(await kept()).toEqual(["Keep Picture 2", "Keep Picture 4"]);
  await user.selectOptions(screen.getByLabelText("Which to keep"), "Oldest");
  expect(await kept()).toEqual(["Keep Picture 1", "Keep Picture 4"]);
  const [first] = screen.getAllByRole("listitem");
  await user.click(screen.getByRole("button", { name: /Keep Picture 3/ }));
  await user.click(screen.getByRole("button", { name: /Keep Picture 1/ }));
  // The last one stays.
  await user.click(screen.getByRole("button", { name: /Keep Picture 3/ }));
  expect(await kept()).toEqual(["Keep Picture 3", "Keep Picture 4"]);
  if (!first) throw new Error("no group");
  await user.click(within(first).getByRole("button", { name: /^Trash 2/ }));
  await waitFor(() => expect(screen.queryByRole("button", { name: /Keep Picture 3/ })).toBeNull());
  const sent = asked.find(({ name }) => name.startsWith("POST /api/images/bulk-delete"));
  expect(sent?.body).toEqual({ ids: ids(1, 2) });
  expect(await screen.findByRole("button", { name: "Undo" })).toBeTruthy();
});

it("trashes the rest of all groups in one request, after asking", async () => {
  const { asked, user } = open({
    ...base,
    "GET /api/images/duplicates": () => page([foxes, wolves]),
  });
  await user.click(await screen.findByRole("button", { name: /Trash the rest of all shown/ }));
  await user.click(await screen.findByRole("button", { name: "Trash 3 pictures" }));
  await screen.findByText("Nothing looks alike");
  const sent = asked.filter(({ name }) => name.startsWith("POST /api/images/bulk-delete"));
  expect(sent.map(({ body }) => body)).toEqual([{ ids: ids(1, 3, 5) }]);
});

it("dismisses a group, and asks anew for another likeness", async () => {
  const { asked, user } = open({ ...base, "GET /api/images/duplicates": () => page([wolves]) });
  await user.click(await screen.findByRole("button", { name: "Not duplicates" }));
  await screen.findByText("Nothing looks alike");
  const sent = asked.find(({ name }) => name.includes("dismissals"));
  expect(sent?.body).toEqual({ ids: ids(4, 5) });
  await user.click(screen.getByRole("radio", { name: "Same file" }));
  await waitFor(() => expect(asked.some(({ name }) => name.includes("exact=true"))).toBe(true));
});

it("says what went wrong, and tries again", async () => {
  let broken = true;
  const { user } = open({
    ...base,
    "GET /api/images/duplicates": () =>
      broken
        ? Response.json({ title: "No.", detail: "The database is away." }, { status: 403 })
        : page([], null),
  });
  expect(await screen.findByText("The database is away.")).toBeTruthy();
  broken = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Nothing looks alike")).toBeTruthy();
});
