import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { ModelOut, UserOut } from "@/api/types.gen";
import { sessionQuery } from "@/features/accounts/session";
import { createQueryClient } from "@/lib/query-client";
import { Notices } from "@/ui/notices";
import { ModelPage } from "./model-page";
import { ModelsPage } from "./models-page";
import { type ModelsSearch, nextSort, readModelsSearch } from "./models-search";

const brush: ModelOut = {
  id: "studio/brush",
  provider: "studio",
  provider_name: "Studio",
  name: "Brush",
  description: "Paints with a brush.",
  category: "general",
  version: "2",
  capabilities: ["text-to-image", "seed"],
  parameters: {
    properties: { steps: { type: "integer", minimum: 1, maximum: 50, title: "Steps" } },
  },
  defaults: { steps: 8 },
  sizes: {
    default: [1024, 1024],
    minimum: 64,
    maximum: 2048,
    step: 1,
    max_pixels: null,
    only: [],
    aspect_ratios: {},
  },
  formats: ["png"],
  max_images: 4,
  max_prompt: 1000,
  cost: { credits: 2, unit: "image", explanation: "", free: false, declared_credits: null },
  speed: 2,
  quality: 5,
  best_use: "Portraits.",
  recommended: { steps: 20 },
  licence: "Yours.",
  documentation_url: null,
  featured: false,
  active: true,
  available: true,
  unavailable_reason: null,
  down_until: null,
  added_at: "2026-11-20T10:00:00Z",
  updated_at: "2026-11-20T10:00:00Z",
  notice: "new",
};
const pencil: ModelOut = {
  ...brush,
  id: "studio/pencil",
  name: "Pencil",
  best_use: "Drafts.",
  recommended: {},
  capabilities: ["text-to-image"],
  cost: { ...brush.cost, credits: 0, free: true },
  active: false,
  available: false,
  unavailable_reason: "An administrator has switched it off.",
  notice: null,
};
const stats = {
  model: brush.id,
  days: 7,
  generations: 40,
  success_rate: 0.975,
  p50_seconds: 3.2,
  p95_seconds: 9,
  health: "up",
};

beforeEach(() => vi.unstubAllGlobals());

/** A page over a server that knows two models, and takes what is sent to it. */
function open(page: React.ReactNode, role: UserOut["role"] = "member") {
  const sent: [string, unknown][] = [];
  const answers: Record<string, unknown> = {
    "GET /api/models": { items: [pencil, brush], default: brush.id, next_cursor: null },
    "GET /api/models/stats": { items: [stats] },
    "GET /api/models/studio/brush": brush,
    "GET /api/models/studio/brush/stats": stats,
    "GET /api/models/studio/pencil": pencil,
    "GET /api/models/studio/pencil/stats": { ...stats, model: pencil.id },
    "GET /api/images": { items: [], next_cursor: null, total: null },
    "PUT /api/admin/models/studio/brush/toggle": { ...brush, active: false, available: false },
    "PUT /api/admin/models/studio/brush": {
      ...brush,
      cost: { ...brush.cost, credits: 3, declared_credits: 2 },
    },
  };
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const name = `${request.method} ${decodeURIComponent(new URL(request.url).pathname)}`;
      if (request.method === "PUT") sent.push([name, await request.json()]);
      return Response.json(answers[name] ?? { title: "Not Found." }, {
        status: name in answers ? 200 : 404,
      });
    }),
  );
  const root = createRootRoute();
  const routes = ["/", "/generate", "/models/$", "/images/$id"].map((path) =>
    createRoute({ getParentRoute: () => root, path, component: () => page }),
  );
  const router = createRouter({
    routeTree: root.addChildren(routes),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  const client = createQueryClient();
  client.setQueryData(sessionQuery.queryKey, { id: "u1", role } as UserOut);
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
      <Notices />
    </QueryClientProvider>,
  );
  return { sent, user: userEvent.setup() };
}

it("compares the models, and says how they have done and why one cannot be used", async () => {
  const onSearch = vi.fn();
  const { user } = open(<ModelsPage search={{}} onSearch={onSearch} />);
  const table = within(await screen.findByRole("table"));
  const names = table.getAllByRole("rowheader").map((each) => each.textContent?.slice(0, 5));
  expect(names).toEqual(["Brush", "Penci"]);
  const row = within(table.getByRole("row", { name: /Brush/ }));
  expect(row.getByText("New")).toBeTruthy();
  expect(await row.findByText("97.5%")).toBeTruthy();
  expect(row.getByText("3.2 s")).toBeTruthy();
  expect(row.getByRole("img", { name: "Quality 5 of 5" })).toBeTruthy();
  const off = within(table.getByRole("row", { name: /Pencil/ }));
  expect(off.getByText("An administrator has switched it off.")).toBeTruthy();
  await user.click(table.getByRole("button", { name: "Price" }));
  expect(onSearch).toHaveBeenLastCalledWith({ sort: "price" });
  await user.selectOptions(screen.getByLabelText("Can do"), "seed");
  expect(onSearch).toHaveBeenLastCalledWith({ capability: "seed" });
});

it("sorts and filters as the address says", async () => {
  const search: ModelsSearch = { sort: "price" };
  open(<ModelsPage search={search} onSearch={vi.fn()} />);
  const rows = within(await screen.findByRole("table")).getAllByRole("rowheader");
  expect(rows.map((row) => row.textContent?.slice(0, 5))).toEqual(["Penci", "Brush"]);
  expect(nextSort(search, "price")).toEqual({ sort: "price", down: true });
  expect(nextSort({ q: "x", sort: "price", down: true }, "price")).toEqual({ q: "x" });
  expect(readModelsSearch({ q: 3, sort: "luck", down: true })).toEqual({});
});

it("says when no model fits", async () => {
  open(<ModelsPage search={{ q: "watercolour" }} onSearch={vi.fn()} />);
  expect(await screen.findByText("No model is like that")).toBeTruthy();
});

it("shows a model with its settings and numbers, and leads to Generate with it", async () => {
  open(<ModelPage id={brush.id} />);
  const use = await screen.findByRole("link", { name: "Use this model" });
  expect(use.getAttribute("href")).toContain("/generate?model=studio%2Fbrush");
  expect(within(screen.getByRole("row", { name: /Steps/ })).getByText("20")).toBeTruthy();
  expect(await screen.findByText("Up")).toBeTruthy();
  expect(screen.queryByText("Administration")).toBeNull();
});

it("recommends nothing where the provider does not", async () => {
  open(<ModelPage id={pencil.id} />);
  const names = await screen.findAllByRole("columnheader");
  expect(names.map((name) => name.textContent)).toEqual(["Parameter", "Takes", "Default"]);
});

it("lets administrators switch it off once they are sure, and set its price with a way back", async () => {
  const { user, sent } = open(<ModelPage id={brush.id} />, "admin");
  await user.click(await screen.findByRole("switch", { name: "Active" }));
  expect(sent).toEqual([]);
  await user.click(await screen.findByRole("button", { name: "Switch off" }));
  expect(await screen.findByText("Brush is off")).toBeTruthy();
  const price = screen.getByLabelText("Credits per picture");
  await user.clear(price);
  await user.type(price, "3");
  await user.click(screen.getByRole("button", { name: "Save price" }));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(sent.map(([, body]) => body)).toEqual([{ active: false }, { price: 3 }, { price: null }]);
});
