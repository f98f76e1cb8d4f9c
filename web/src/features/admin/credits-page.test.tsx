import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { createQueryClient } from "@/lib/query-client";
import { Notices } from "@/ui/notices";
import { CreditsPage } from "./credits-page";

const grace = {
  workspace_id: "0190a0b0-0000-7000-8000-000000000001",
  name: "Personal",
  kind: "personal",
  owner_name: "Grace",
  owner_email: "grace@example.com",
  available: 3,
  reserved: 0,
};
const given = {
  id: "0190a0b0-0000-7000-8000-000000000002",
  workspace_id: grace.workspace_id,
  workspace: "Personal",
  owner_email: grace.owner_email,
  amount: -2,
  available_after: 3,
  reason: "Paid twice",
  by: "ada@example.com",
  created_at: "2026-11-20T10:00:00Z",
};

function open() {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST") {
      sent.push([pathname, await request.clone().json()]);
      return Response.json({ billing: true, available: 5.5, reserved: 0, ending: [] });
    }
    if (pathname.endsWith("/adjustments"))
      return Response.json({ items: [given], next_cursor: null, total: null });
    return Response.json({ items: searchParams.get("q") === "nobody" ? [] : [grace] });
  });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <CreditsPage />
      <Notices />
    </QueryClientProvider>,
  );
  return { sent, user: userEvent.setup() };
}

it("adjusts a workspace's credits for a reason", async () => {
  const { sent, user } = open();
  await user.click(await screen.findByRole("button", { name: "Adjust the credits of Grace" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Adjust" }));
  expect(dialog.getByText("Say why; the members read it.")).toBeTruthy();
  expect(sent).toEqual([]);
  await user.type(dialog.getByLabelText("Credits"), "2.5");
  await user.type(dialog.getByLabelText("Reason"), "For the outage");
  await user.click(dialog.getByRole("button", { name: "Adjust" }));
  expect(await screen.findByText("The credits were adjusted")).toBeTruthy();
  const path = `/api/admin/credits/${grace.workspace_id}/adjust`;
  expect(sent).toEqual([[path, { amount: 2.5, reason: "For the outage" }]]);
  expect(screen.queryByRole("dialog", { name: "Adjust credits" })).toBeNull();
});

it("lists what was adjusted, and says when nobody is found", async () => {
  const { user } = open();
  const list = within(await screen.findByRole("list", { name: "Adjustments" }));
  expect(list.getByText("Paid twice")).toBeTruthy();
  expect(list.getByText("−2")).toBeTruthy();
  expect(list.getByText(/by ada@example.com/)).toBeTruthy();
  await user.type(screen.getByLabelText("Find a workspace"), "nobody");
  expect(await screen.findByText("No workspace is called that.")).toBeTruthy();
});
