import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { createQueryClient } from "@/lib/query-client";
import { studioStream } from "@/lib/studio-events";
import { readThresholds } from "./limits-form";
import { niceTop } from "./usage-chart";
import { UsagePage } from "./usage-page";
import { daysIn, lastDays, readUsageSearch, spanOf, type UsageSearch } from "./usage-search";

const sums = {
  generations: 2,
  failed: 1,
  images: 3,
  credits: 2.5,
  provider_cost_usd: 0.012,
  seconds: 4,
};
const nothing = { generations: 0, failed: 0, images: 0, credits: 0, seconds: 0 };
const balance = { billing: true, available: 7.5, reserved: 1, ending: [] };
const limits = {
  monthly_credits: 10,
  alert_thresholds: [50, 100],
  spent: 2.5,
  resets_at: "2026-12-01T00:00:00Z",
};
const charge = {
  id: "m1",
  cause: "capture",
  amount: -3,
  available: 1,
  reserved: -4,
  available_after: 7.5,
  generation_id: "g1",
  reason: null,
  created_at: "2026-11-20T10:00:00Z",
};

type Answers = Record<string, unknown>;
const answers: Answers = {
  "GET /api/usage/stats": { ...sums, average_seconds: 2, success_rate: 0.5 },
  "GET /api/usage/daily": {
    items: [
      { ...nothing, provider_cost_usd: null, day: "2026-11-19" },
      { ...sums, day: "2026-11-20" },
    ],
  },
  "GET /api/usage/by-model": { items: [{ ...sums, model: "fal/flux", name: "Flux" }] },
  "GET /api/usage/tips": {
    images: 3,
    models: [{ model: "a/b", name: "Cheap", quality: 4, credits: 1 }],
    tips: [
      {
        model: "fal/flux",
        name: "Flux",
        instead: "a/b",
        instead_name: "Cheap",
        credits: 2.5,
        instead_credits: 1,
        saved_percent: 60,
      },
    ],
  },
  "GET /api/credits/balance": balance,
  "GET /api/credits/history": { items: [charge], next_cursor: null, total: null },
  "GET /api/settings/limits": limits,
};

beforeEach(() => {
  vi.spyOn(studioStream, "on").mockReturnValue(() => {});
});

function open(search: UsageSearch = {}, more: Answers = {}) {
  const sent: { key: string; query: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search: query } = new URL(request.url);
    const key = `${request.method} ${pathname}`;
    const text = request.method === "PUT" ? await request.clone().text() : "";
    sent.push({ key, query, body: text ? JSON.parse(text) : null });
    const answer = { ...answers, ...more }[key];
    return answer instanceof Response ? answer : Response.json(answer ?? { items: [] });
  });
  const onSearch = vi.fn();
  const router = createRouter({
    routeTree: createRootRoute({
      component: () => <UsagePage search={search} onSearch={onSearch} />,
    }),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), sent, onSearch };
}

const days = { from: "2026-11-19", to: "2026-11-20" };

it("shows what was spent, what is left, and every movement", async () => {
  open(days);
  expect(await screen.findByText("2.5 credits")).toBeTruthy();
  expect((await screen.findAllByText("7.5 credits")).length).toBeGreaterThan(0);
  expect(screen.getByText("Providers took $0.012")).toBeTruthy();
  expect(await screen.findByText(/would have cost 60 % less than/)).toBeTruthy();
  const history = await screen.findByRole("region", { name: "Credits in and out" });
  expect(await within(history).findByText(/Charged 3/)).toBeTruthy();
  expect(within(history).getByText("7.5 credits left")).toBeTruthy();
});

it("has the chart's numbers as a table, without the days on which nothing was made", async () => {
  open(days);
  await screen.findByRole("img", { name: /Credits by day/ });
  const table = screen.getByRole("region", { name: "Usage as a table", hidden: true });
  expect(within(table).getAllByRole("row", { hidden: true })).toHaveLength(2);
});

it("takes the days apart by model, and gives the same as CSV", async () => {
  const { onSearch, sent, user } = open({ ...days, by: "model" });
  expect(await screen.findByRole("rowheader", { name: /Flux/ })).toBeTruthy();
  URL.createObjectURL = () => "blob:rows";
  await user.click(screen.getByRole("button", { name: "CSV" }));
  expect(sent.map(({ query }) => query)).toContain("?from=2026-11-19&to=2026-11-20&format=csv");
  await user.click(screen.getByRole("radio", { name: "Months" }));
  expect(onSearch).toHaveBeenCalledWith({ ...days, by: "month" });
});

it("saves a limit, and says what is wrong with warnings before it asks", async () => {
  const { user, sent } = open(days, {
    "PUT /api/settings/limits": { ...limits, monthly_credits: 4 },
  });
  const credits = await screen.findByLabelText("Credits in a month");
  const warnings = screen.getByLabelText("Warn at");
  await user.clear(credits);
  await user.type(credits, "4");
  await user.clear(warnings);
  await user.type(warnings, "half");
  await user.click(screen.getByRole("button", { name: "Save limit" }));
  expect(screen.getByText(/whole numbers from 1 to 100/)).toBeTruthy();
  await user.clear(warnings);
  await user.type(warnings, "90, 50");
  await user.click(screen.getByRole("button", { name: "Save limit" }));
  const put = sent.find(({ key }) => key.startsWith("PUT"));
  expect(put?.body).toEqual({ monthly_credits: 4, alert_thresholds: [50, 90] });
});

it("shows no credits where nothing is charged, and says when nothing was made", async () => {
  open(days, {
    "GET /api/credits/balance": { ...balance, billing: false },
    "GET /api/usage/daily": { items: [{ ...nothing, provider_cost_usd: null, day: "2026-11-20" }] },
    "GET /api/usage/tips": { images: 0, models: [], tips: [] },
  });
  expect(await screen.findByText("Nothing was made in these days")).toBeTruthy();
  expect(screen.queryByText("Credits in and out")).toBeNull();
  expect(screen.queryByText("To spend")).toBeNull();
});

it("reads the days of an address and forgives what it cannot read", () => {
  const today = new Date("2026-11-21T12:00:00Z");
  expect(spanOf({}, today)).toEqual({ from: "2026-10-23", to: "2026-11-21" });
  expect(spanOf({ from: "2026-02-01", to: "2026-01-01" })).toEqual({
    from: "2026-01-01",
    to: "2026-02-01",
  });
  expect(readUsageSearch({ from: "soon", to: 3, by: "week" })).toEqual({});
  expect(daysIn(spanOf(lastDays(7, today)))).toBe(7);
});

it("ends its scale on a round number", () => {
  expect([0, 0.3, 1, 6.2, 12, 51, 100].map(niceTop)).toEqual([1, 0.5, 1, 10, 20, 100, 100]);
  expect(readThresholds("50 %, 80,80")).toEqual([50, 80]);
  expect(readThresholds("0")).toBeNull();
});
