import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
  useNavigate,
  useSearch,
} from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { SessionOut, UserOut } from "@/api/types.gen";
import { createQueryClient } from "@/lib/query-client";
import { Notices } from "@/ui/notices";
import { deviceOf } from "./device-name";
import { sessionQuery } from "./session";
import { SettingsPage } from "./settings-page";
import { readSettings } from "./settings-search";

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";
const ADA: UserOut = {
  id: "1",
  email: "ada@example.com",
  name: "Ada",
  avatar_url: null,
  role: "member",
  email_verified: false,
  pending_email: null,
  subscription_tier: "free",
  image_count: 0,
  created_at: "2026-01-01T00:00:00Z",
};

function session(id: string, facts: Partial<SessionOut> = {}): SessionOut {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  return {
    id,
    ip_address: `192.0.2.${id}`,
    user_agent: WINDOWS,
    created_at: ago(50),
    last_seen_at: ago(2.5),
    expires_at: ago(-50),
    current: false,
    ...facts,
  };
}

/** What the server answers by "METHOD path", and with which status. */
type Answers = Record<string, () => [status: number, body?: unknown]>;

function open(path: string, answers: Answers = {}) {
  const asked: [name: string, body: string][] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const name = `${request.method} ${new URL(request.url).pathname}`;
      asked.push([name, await request.text()]);
      const [status, body] = answers[name]?.() ?? [404, { title: "Not found.", status: 404 }];
      return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
    }),
  );
  const router = createRouter({
    routeTree: createRootRoute({ validateSearch: readSettings, component: Page }),
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const client = createQueryClient();
  client.setQueryData(sessionQuery.queryKey, ADA);
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
      <Notices />
    </QueryClientProvider>,
  );
  return { asked, client, router, user: userEvent.setup() };
}

function Page() {
  const { tab } = readSettings(useSearch({ strict: false }));
  const navigate = useNavigate();
  return (
    <SettingsPage
      tab={tab}
      onTab={(next) => void navigate({ to: ".", search: { tab: next } as never })}
    />
  );
}

function listOf(...items: SessionOut[]): () => [number, unknown] {
  return () => [200, { items, next_cursor: null, total: items.length }];
}

function refusal(field: string, message: string): [number, unknown] {
  const errors = [{ field, message, code: "x" }];
  return [422, { title: "No", status: 422, code: "invalid_input", detail: message, errors }];
}

it("saves the name, and everyone who shows it shows the new one", async () => {
  const name = "Ada Lovelace";
  const { asked, client, user } = open("/", {
    "PUT /api/auth/profile": () => [200, { ...ADA, name }],
  });
  const field = await screen.findByLabelText("Name");
  await user.clear(field);
  await user.click(screen.getByRole("button", { name: "Save name" }));
  expect(await screen.findByText("Enter a name.")).toBeTruthy();
  expect(asked).toEqual([]);
  await user.type(field, name);
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Name saved")).toBeTruthy();
  expect(asked).toEqual([["PUT /api/auth/profile", JSON.stringify({ name })]]);
  expect(client.getQueryData(sessionQuery.queryKey)?.name).toBe(name);
});

it("changes the password, and says beside the fields what is wrong with them", async () => {
  let answer: [number, unknown?] = refusal("current_password", "is not your password");
  const { asked, user } = open("/", { "PUT /api/auth/change-password": () => answer });
  const current = await screen.findByLabelText<HTMLInputElement>("Current password");
  const fresh = screen.getByLabelText<HTMLInputElement>("New password");
  const button = screen.getByRole("button", { name: "Change password" });
  await user.click(button);
  expect(await screen.findByText("Enter your current password.")).toBeTruthy();
  expect(screen.getByText("Use at least 8 characters.")).toBeTruthy();
  expect(asked).toEqual([]);

  await user.type(current, "not it");
  await user.type(fresh, "correct horse");
  await user.click(button);
  expect(await screen.findByText("Is not your password.")).toBeTruthy();
  expect(current.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(current);

  answer = refusal("new_password", "is among the commonest passwords");
  await user.click(button);
  expect(await screen.findByText("Is among the commonest passwords.")).toBeTruthy();
  expect(fresh.getAttribute("aria-invalid")).toBe("true");

  answer = [204];
  await user.click(button);
  expect(await screen.findByText("Password changed")).toBeTruthy();
  expect([current.value, fresh.value]).toEqual(["", ""]);
  const sent = { current_password: "not it", new_password: "correct horse" };
  expect(JSON.parse(asked.at(-1)?.[1] ?? "")).toEqual(sent);
});

it("keeps the tab in the address", async () => {
  const { router, user } = open("/?tab=devices", {
    "GET /api/auth/sessions": listOf(session("1", { current: true })),
  });
  expect(await screen.findByText("No other devices")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Log out everywhere/ })).toBeNull();
  await user.click(screen.getByRole("tab", { name: "Account" }));
  expect(await screen.findByLabelText("Name")).toBeTruthy();
  expect(router.state.location.search).toEqual({ tab: "account" });
});

it("lists devices and revokes one after asking", async () => {
  let sessions = [session("1", { current: true }), session("2", { user_agent: "curl/8.5" })];
  const { asked, user } = open("/?tab=devices", {
    "GET /api/auth/sessions": () => listOf(...sessions)(),
    "DELETE /api/auth/sessions/2": () => {
      sessions = sessions.slice(0, 1);
      return [204];
    },
  });
  const [here, there] = (await screen.findAllByRole("listitem")) as [HTMLElement, HTMLElement];
  expect(within(here).getByText("Firefox on Windows")).toBeTruthy();
  expect(within(here).getByText("This device")).toBeTruthy();
  expect(within(here).queryByRole("button")).toBeNull();
  expect(within(there).getByText("192.0.2.2")).toBeTruthy();
  expect(within(there).getByText("2 hours ago")).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Revoke curl" }));
  const dialog = await screen.findByRole("alertdialog");
  expect(asked.map(([name]) => name)).toEqual(["GET /api/auth/sessions"]);
  await user.click(within(dialog).getByRole("button", { name: "Revoke" }));
  expect(await screen.findByText("curl is logged out")).toBeTruthy();
  expect(await screen.findByText("No other devices")).toBeTruthy();
  expect(screen.getAllByText(/curl/)).toHaveLength(1);
});

it("logs out everywhere else, and says so when it fails", async () => {
  const down = { title: "Down", status: 503, detail: "The database does not answer." };
  let sessions = [session("1", { current: true }), session("2"), session("3")];
  let works = false;
  const { user } = open("/?tab=devices", {
    "GET /api/auth/sessions": () => listOf(...sessions)(),
    "DELETE /api/auth/sessions": () => {
      if (!works) return [503, down];
      sessions = sessions.slice(0, 1);
      return [204];
    },
  });
  const question = { name: "Log out everywhere else?" };
  const confirm = async () => {
    await user.click(await screen.findByRole("button", { name: "Log out everywhere else" }));
    const dialog = await screen.findByRole("alertdialog", question);
    await user.click(within(dialog).getByRole("button", { name: "Log out everywhere else" }));
  };
  await confirm();
  expect(await screen.findAllByText("The database does not answer.")).not.toEqual([]);
  await vi.waitFor(() => expect(screen.queryByRole("alertdialog", question)).toBeNull());
  works = true;
  await confirm();
  expect(await screen.findByText("No other devices")).toBeTruthy();
});

it("offers to try again when the devices cannot be loaded", async () => {
  let answer: [number, unknown] = [400, { title: "No", status: 400, detail: "Not today." }];
  const { user } = open("/?tab=devices", { "GET /api/auth/sessions": () => answer });
  expect((await screen.findByRole("alert")).textContent).toContain("Not today.");
  answer = listOf(session("1", { current: true }))();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("This device")).toBeTruthy();
});

it.each([
  [WINDOWS, "Firefox on Windows"],
  [`Mozilla/5.0 (Windows NT 10.0) ${CHROME} Safari/537.36 Edg/140.0`, "Edge on Windows"],
  [`Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Safari/537.36 OPR/120.0`, "Opera on Linux"],
  [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${CHROME} Mobile Safari/537.36`, "Chrome on Android"],
  [`Mozilla/5.0 (X11; CrOS x86_64 16000.0) ${CHROME} Safari/537.36`, "Chrome on ChromeOS"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Safari on macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
    "Chrome on iPhone",
  ],
  ["python-httpx/0.28.1", "python-httpx"],
  ["", "Unknown device"],
  [null, "Unknown device"],
])("calls %s by the name %s", (userAgent, name) => {
  expect(deviceOf(userAgent).name).toBe(name);
});
