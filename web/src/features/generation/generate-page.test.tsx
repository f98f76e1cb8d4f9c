import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { GenerationOut } from "@/api/types.gen";
import { sessionQuery } from "@/features/accounts/session";
import { createQueryClient } from "@/lib/query-client";
import { type StudioEvents, studioStream } from "@/lib/studio-events";
import { GeneratePage } from "./generate-page";
import { fox, foxPicture, sketch } from "./test-samples";

type Answers = Record<string, (request: Request) => unknown>;
type Sent = { method: string; path: string; body: unknown; headers: Headers };
const listeners = new Map<string, Set<(data: never) => void>>();

beforeEach(() => {
  listeners.clear();
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollIntoView = () => {};
  vi.spyOn(studioStream, "on").mockImplementation((name, listener) => {
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set.add(listener as (data: never) => void));
    return () => set.delete(listener as (data: never) => void);
  });
});

function tell<Name extends keyof StudioEvents>(name: Name, data: StudioEvents[Name]) {
  act(() => {
    for (const listener of listeners.get(name) ?? []) listener(data as never);
  });
}

function open(answers: Answers, props: { from?: string } = {}) {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    const text = request.method === "POST" ? await request.clone().text() : "";
    const body = text ? JSON.parse(text) : null;
    sent.push({ method: request.method, path: pathname, body, headers: request.headers });
    const answer = await answers[`${request.method} ${pathname}`]?.(request);
    if (answer instanceof Response) return answer;
    return Response.json(answer ?? { items: [], next_cursor: null, total: null });
  });
  const client = createQueryClient();
  client.setQueryData(sessionQuery.queryKey, { id: "ada", name: "Ada" } as never);
  const onTaken = vi.fn();
  const router = createRouter({
    routeTree: createRootRoute({
      component: () => <GeneratePage {...props} onTaken={onTaken} onProject={() => {}} />,
    }),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  const posted = () => sent.filter(({ method }) => method === "POST");
  return { user: userEvent.setup(), sent, posted, onTaken };
}

const studio = (records: GenerationOut[] = []): Answers => ({
  "GET /api/models": () => ({ items: [sketch], default: sketch.id }),
  "GET /api/generate/history": () => ({ items: records, next_cursor: null, total: null }),
  "GET /api/generate/queue": () => ({ items: records, next_cursor: null, total: null }),
});

it("sends what the form shows, and the card is there", async () => {
  const { user, posted } = open({
    ...studio(),
    "POST /api/images/generate": () => Response.json(fox, { status: 202 }),
  });
  await user.type(await screen.findByLabelText("Prompt"), "a fox");
  await user.click(await screen.findByRole("radio", { name: /16:9/ }));
  await user.click(screen.getByRole("radio", { name: "3" }));
  await user.click(screen.getByRole("radio", { name: "Oil" }));
  await user.type(screen.getByLabelText("Seed"), "77");
  await user.clear(screen.getByLabelText("Steps"));
  await user.type(screen.getByLabelText("Steps"), "12");
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByRole("article", { name: "a fox" })).toBeTruthy();
  expect(posted()).toHaveLength(1);
  expect(posted()[0]?.body).toEqual({
    prompt: "a fox",
    model: "sketch/sketch-1",
    aspect_ratio: "16:9",
    num_images: 3,
    seed: 77,
    steps: 12,
    guidance: 7,
    style: "oil",
  });
  expect(posted()[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
  expect(screen.getByText("Queued, 3 before it")).toBeTruthy();
});

it("does not ask the server for nothing", async () => {
  const { user, posted } = open(studio());
  await screen.findByRole("radio", { name: /16:9/ });
  await user.click(screen.getByRole("button", { name: /^Generate/ }));
  expect(await screen.findByText("Write what you want to see.")).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText("Prompt"));
  expect(posted()).toHaveLength(0);
});

it("takes what is sent before the models are there", async () => {
  let arrive = (_: unknown) => {};
  const { user, posted } = open({
    ...studio(),
    "GET /api/models": () => new Promise((resolve) => (arrive = resolve)),
  });
  await user.click(await screen.findByRole("button", { name: /^Generate|^Submitting/ }));
  expect(screen.getByText("Submitting…")).toBeTruthy();
  arrive({ items: [sketch], default: sketch.id });
  expect(await screen.findByText("Write what you want to see.")).toBeTruthy();
  expect(posted()).toHaveLength(0);
});

it("puts the server's objections beside their fields", async () => {
  const errors = [
    { field: "steps", message: "is too many today", code: "x" },
    { field: "num_images", message: "Sketch makes one at once", code: "x" },
    { field: "body", message: "is odd", code: "x" },
  ];
  const problem = { title: "No", status: 422, detail: "The input is not valid.", errors };
  const { user } = open({
    ...studio(),
    "POST /api/images/generate": () => Response.json(problem, { status: 422 }),
  });
  await user.type(await screen.findByLabelText("Prompt"), "a fox");
  await screen.findByRole("radio", { name: /16:9/ });
  await user.click(screen.getByRole("button", { name: /^Generate/ }));
  expect(await screen.findByText("Is too many today.")).toBeTruthy();
  expect(screen.getByLabelText("Steps").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Sketch makes one at once.")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("body: is odd");
});

it("leads to where a missing key is entered", async () => {
  const missing = { detail: "OpenAI needs a key.", settings_url: "/app/settings?tab=providers" };
  const { user } = open({
    ...studio(),
    "POST /api/images/generate": () => Response.json(missing, { status: 409 }),
  });
  await user.type(await screen.findByLabelText("Prompt"), "a fox");
  await user.click(screen.getByRole("button", { name: /^Generate/ }));
  const link = await screen.findByRole("link", { name: "Enter the key" });
  expect(link.getAttribute("href")).toBe(missing.settings_url);
});

it("keeps the key of a request whose answer was lost", async () => {
  let attempt = 0;
  const { user, posted } = open({
    ...studio(),
    "POST /api/images/generate": () =>
      ++attempt === 1 ? new Response("", { status: 503 }) : Response.json(fox, { status: 202 }),
  });
  await user.type(await screen.findByLabelText("Prompt"), "a fox");
  await screen.findByRole("radio", { name: /16:9/ });
  await user.click(screen.getByRole("button", { name: /^Generate/ }));
  await screen.findByRole("alert");
  await user.click(screen.getByRole("button", { name: /^Generate/ }));
  await screen.findByRole("article", { name: "a fox" });
  const [first, second] = posted().map(({ headers }) => headers.get("Idempotency-Key"));
  expect(first).toBe(second);
});

it("follows a picture from the queue to the end, and says so once", async () => {
  const running: GenerationOut = { ...fox };
  const { user } = open({
    ...studio([running]),
    "GET /api/generate/queue/g1/status": () => ({
      ...fox,
      status: "completed",
      images: [foxPicture],
      progress: { ...fox.progress, percent: 100 },
    }),
  });
  const card = await screen.findByRole("article", { name: "a fox" });
  expect(within(card).getByText("Queued, 3 before it")).toBeTruthy();
  tell("generation.started", { id: "g1" });
  const progress = { step: 5, steps: 20, percent: 25, preview_url: "/preview/1" };
  tell("generation.progress", { id: "g1", progress });
  expect(await within(card).findByText("Drawing, step 5 of 20")).toBeTruthy();
  expect(within(card).getByRole("progressbar").getAttribute("aria-valuenow")).toBe("25");
  expect(card.querySelector("img")?.getAttribute("src")).toBe("/preview/1");
  expect(screen.getByText("Started: a fox")).toBeTruthy();
  tell("generation.completed", { id: "g1" });
  expect(await within(card).findByRole("img", { name: "a fox" })).toBeTruthy();
  expect(await screen.findByText("Finished: a fox")).toBeTruthy();
  expect(within(card).queryByRole("progressbar")).toBeNull();
  await user.click(within(card).getByRole("button", { name: "Use settings" }));
  expect((screen.getByLabelText("Prompt") as HTMLTextAreaElement).value).toBe("a fox");
  expect((screen.getByLabelText("Seed") as HTMLInputElement).value).toBe("9");
});

it("cancels", async () => {
  const { user, sent } = open({
    ...studio([fox]),
    "DELETE /api/generate/queue/g1": () => ({ ...fox, status: "cancelled" }),
  });
  const card = await screen.findByRole("article", { name: "a fox" });
  await user.click(within(card).getByRole("button", { name: "Cancel" }));
  expect(await within(card).findByText("Cancelled.")).toBeTruthy();
  expect(within(card).getByRole("button", { name: "Try again" })).toBeTruthy();
  expect(sent.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

it("asks for more with a new seed", async () => {
  const done = { ...fox, status: "completed" as const, images: [foxPicture] };
  const { user, posted } = open({
    ...studio([done]),
    "POST /api/images/generate": () => Response.json({ ...fox, id: "g2" }, { status: 202 }),
  });
  const card = await screen.findByRole("article", { name: "a fox" });
  await user.click(within(card).getByRole("button", { name: "New seed" }));
  await vi.waitFor(() => expect(posted()).toHaveLength(1));
  expect(posted()[0]?.body).toEqual({
    prompt: "a fox",
    model: "sketch/sketch-1",
    width: 1024,
    height: 1024,
    num_images: 1,
    output_format: "png",
    steps: 8,
    guidance: 7,
  });
});

it("takes settings over from a picture", async () => {
  const { onTaken } = open({ ...studio(), "GET /api/images/i1": () => foxPicture }, { from: "i1" });
  await vi.waitFor(() => expect(onTaken).toHaveBeenCalledOnce());
  expect((await screen.findByLabelText<HTMLTextAreaElement>("Prompt")).value).toBe("a fox");
  expect(screen.getByLabelText<HTMLInputElement>("Seed").value).toBe("9");
  expect(screen.getByRole<HTMLInputElement>("radio", { name: /1:1/ }).checked).toBe(true);
});
