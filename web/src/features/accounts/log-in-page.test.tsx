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

function open(answer: () => Response) {
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => answer()),
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
  return { onSignedIn, user: userEvent.setup() };
}

async function fill(user: ReturnType<typeof userEvent.setup>) {
  await user.type(await screen.findByLabelText("E-mail"), "ada@example.com");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Log in" }));
}

it("says what is missing before it asks the server", async () => {
  const { user } = open(() => new Response());
  await user.click(await screen.findByRole("button", { name: "Log in" }));
  expect(await screen.findByText("Enter your password.")).toBeTruthy();
  expect(screen.getByLabelText("E-mail").getAttribute("aria-invalid")).toBe("true");
  expect(fetch).not.toHaveBeenCalled();
});

it("shows what the server says", async () => {
  const problem = { title: "No", status: 401, detail: "The password is wrong.", errors: [] };
  const headers = { "Content-Type": "application/problem+json" };
  const { user, onSignedIn } = open(() => Response.json(problem, { status: 401, headers }));
  await fill(user);
  expect((await screen.findByRole("alert")).textContent).toBe("The password is wrong.");
  expect(onSignedIn).not.toHaveBeenCalled();
});

it("goes on once signed in", async () => {
  const { user, onSignedIn } = open(() => Response.json({ user: { id: "1", name: "Ada" } }));
  await fill(user);
  await vi.waitFor(() => expect(onSignedIn).toHaveBeenCalledOnce());
});
