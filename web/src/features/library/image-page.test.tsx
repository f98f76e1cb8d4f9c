import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { nameOf } from "./image-page";
import { page, picture } from "./test-images";
import { type Answers, openStudio } from "./test-studio";

const image = picture(5, { prompt: "A red fox", negative_prompt: "text", alt_text: "A red fox" });
const answers: Answers = {
  [`GET /api/images/${image.id}`]: () => image,
  [`GET /api/images/${picture(4).id}`]: () => picture(4),
  "GET /api/images": (url) =>
    url.searchParams.get("order") === "asc"
      ? page([image, picture(6)], null, null)
      : page([image, picture(4)], null, null),
  "POST /api/images/bulk-delete": () => ({
    changed: 1,
    failed: [],
    job_id: null,
    undo_id: "00000000-0000-7000-8000-00000000d0d0",
  }),
};
const at = `/images/${image.id}`;

it("shows everything about a picture", async () => {
  openStudio(at, answers);
  expect(await screen.findByRole("img", { name: "A red fox" })).toBeTruthy();
  const details = screen.getByRole("complementary", { name: "Details" });
  for (const text of ["A red fox", "text", "sketch/sketch-1", "768 × 512", "Steps", "#336699"])
    expect(details.textContent).toContain(text);
  expect(screen.getByRole("button", { name: "Copy the seed" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy the prompt" })).toBeTruthy();
  const link = screen.getByRole("link", { name: "Use these settings" });
  expect(link.getAttribute("href")).toBe(`/generate?from=${image.id}`);
});

it("goes to its neighbours by key, also when it was opened by its address", async () => {
  const { user, router } = openStudio(at, answers);
  await screen.findByRole("img", { name: "A red fox" });
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Next picture" })).toHaveProperty("disabled", false),
  );
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/images/${picture(4).id}`));
});

it("moves on after a deletion, with a way back", async () => {
  const { user, router, asked } = openStudio(at, answers);
  await screen.findByRole("button", { name: "Next picture" });
  await waitFor(() =>
    expect(asked.filter((one) => one.startsWith("GET /api/images?"))).toHaveLength(2),
  );
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/images/${picture(4).id}`));
  expect(await screen.findByRole("button", { name: "Undo" })).toBeTruthy();
});

it("leaves for the library with Esc", async () => {
  const { user, router } = openStudio(`${at}?aspect=landscape`, answers);
  await screen.findByRole("img", { name: "A red fox" });
  await user.keyboard("{Escape}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/images"));
  expect(router.state.location.search).toEqual({ aspect: "landscape" });
});

it("offers to restore what is in the trash, and not to delete it", async () => {
  const gone = { ...image, deleted_at: "2026-11-20T00:00:00Z" };
  openStudio(at, { ...answers, [`GET /api/images/${image.id}`]: () => gone });
  expect(await screen.findByRole("button", { name: "Restore" })).toBeTruthy();
  expect(screen.getByText("In the trash")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Delete" })).toBeNull();
});

it("says when there is no such picture", async () => {
  openStudio("/images/nothing", answers);
  expect(await screen.findByText("This picture is not here")).toBeTruthy();
});

it("names a picture by its title or how its prompt begins", () => {
  expect(nameOf({ title: "Fox", prompt: "A fox" })).toBe("Fox");
  expect(nameOf({ title: null, prompt: "  A\n fox " })).toBe("A fox");
  expect([...nameOf({ title: null, prompt: "x".repeat(90) })]).toHaveLength(60);
  expect(nameOf({ title: null, prompt: " " })).toBe("Untitled picture");
});
