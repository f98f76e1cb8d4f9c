import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { createQueryClient } from "@/lib/query-client";
import { LogInPage } from "./log-in-page";

const NEEDED = { second_factor: ["totp", "passkey"], challenge: "once" };
const SIGNED_IN = { user: { id: "1", name: "Ada" } };

/** A log-in page whose password was right; the second step answers what `second` says. */
async function atSecondStep(second: () => Response) {
  const sent: unknown[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      if (new URL(request.url).pathname === "/api/auth/login") return Response.json(NEEDED);
      sent.push(await request.json());
      return second();
    }),
  );
  const onSignedIn = vi.fn();
  const router = createRouter({
    routeTree: createRootRoute({ component: () => <LogInPage onSignedIn={onSignedIn} /> }),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("E-mail"), "ada@example.com");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Log in" }));
  await screen.findByRole("heading", { name: "Two-step verification" });
  return { onSignedIn, sent, user };
}

function refusal(status: number, code: string, detail = "No.") {
  return Response.json({ title: "No", status, code, detail, errors: [] }, { status });
}

it("asks for the code and goes on with the right one", async () => {
  let answer = () => refusal(401, "wrong_code");
  const { onSignedIn, sent, user } = await atSecondStep(() => answer());
  expect(onSignedIn).not.toHaveBeenCalled();
  const code = screen.getByLabelText<HTMLInputElement>("Code");
  expect(document.activeElement).toBe(code);
  expect([code.autocomplete, code.inputMode]).toEqual(["one-time-code", "numeric"]);
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Enter the code.")).toBeTruthy();
  expect(sent).toEqual([]);

  await user.type(code, "000000{Enter}");
  expect(await screen.findByText(/code is wrong/)).toBeTruthy();
  expect(code.getAttribute("aria-invalid")).toBe("true");
  answer = () => Response.json(SIGNED_IN);
  await user.clear(code);
  await user.type(code, "123 456{Enter}");
  await vi.waitFor(() => expect(onSignedIn).toHaveBeenCalledOnce());
  expect(sent.at(-1)).toEqual({ challenge: "once", code: "123 456" });
});

it("takes a recovery code, and says how long to wait", async () => {
  const { user } = await atSecondStep(() => refusal(429, "too_many_codes", "Wait 30 seconds."));
  await user.click(screen.getByRole("button", { name: "Use a recovery code" }));
  const code = screen.getByLabelText<HTMLInputElement>("Recovery code");
  expect(document.activeElement).toBe(code);
  expect(code.autocomplete).toBe("off");
  await user.type(code, "abcd-efgh{Enter}");
  expect((await screen.findByRole("alert")).textContent).toBe("Wait 30 seconds.");
});

it("begins anew when the challenge has ended", async () => {
  const { user } = await atSecondStep(() => refusal(401, "challenge_ended"));
  await user.type(screen.getByLabelText("Code"), "123456{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("Log in again");
  expect(screen.getByLabelText("Password")).toBeTruthy();
});

it("offers no passkeys where the browser has none", async () => {
  const { user } = await atSecondStep(() => new Response());
  expect(screen.queryByRole("button", { name: /passkey/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Start over" }));
  expect(await screen.findByRole("heading", { name: "Welcome back" })).toBeTruthy();
});
