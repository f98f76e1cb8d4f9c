import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { page, picture } from "./test-images";
import { type Answers, openStudio } from "./test-studio";

const three = [picture(3), picture(2), picture(1)];
const UNDO = "00000000-0000-7000-8000-00000000d0d0";
const done = { changed: 1, failed: [], job_id: null, undo_id: UNDO };
const full: Answers = {
  "GET /api/images": () => page(three, null, 3),
  "GET /api/images/facets": () => ({ aspect: { landscape: 3, portrait: 1 }, tags: {} }),
  "GET /api/models": () => ({ items: [] }),
  "POST /api/images/bulk-delete": () => done,
  "POST /api/images/bulk-restore": () => done,
  "POST /api/images/bulk-favorite": () => done,
  [`POST /api/images/undo/${UNDO}`]: () => done,
};
const tile = (at: number) => screen.findByRole("link", { name: `Picture ${at}` });

it("shows pictures as one list with one Tab stop, and counts them", async () => {
  openStudio("/images", full);
  expect(await tile(3)).toHaveProperty("tabIndex", 0);
  expect((await tile(2)).tabIndex).toBe(-1);
  const items = screen.getAllByRole("listitem");
  expect(items.map((item) => item.getAttribute("aria-posinset"))).toEqual(["1", "2", "3"]);
  expect(items[0]?.getAttribute("aria-setsize")).toBe("3");
  expect(screen.getByText("3 pictures")).toBeTruthy();
  expect((await tile(3)).getAttribute("href")).toBe(`/images/${picture(3).id}`);
});

it("moves with the arrows and opens with Enter", async () => {
  const { user, router } = openStudio("/images", full);
  (await tile(3)).focus();
  await user.keyboard("{ArrowRight}{ArrowRight}{ArrowLeft}");
  expect(document.activeElement).toBe(await tile(2));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/images/${picture(2).id}`));
});

it("deletes at once, moves the focus on, and takes it back on Undo", async () => {
  const { user, asked } = openStudio("/images", full);
  (await tile(3)).focus();
  await user.keyboard("{Delete}");
  await waitFor(() => expect(screen.queryByRole("link", { name: "Picture 3" })).toBeNull());
  expect(document.activeElement).toBe(await tile(2));
  expect(screen.getByText("2 pictures")).toBeTruthy();
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await tile(3)).toBeTruthy();
  expect(asked).toContain(`POST /api/images/undo/${UNDO}`);
});

it("puts a picture back when the server refuses to delete it", async () => {
  const refused = () => Response.json({ title: "No.", detail: "Not yours." }, { status: 403 });
  const { user } = openStudio("/images", {
    ...full,
    "POST /api/images/bulk-delete": refused,
  });
  (await tile(3)).focus();
  await user.keyboard("{Delete}");
  expect(await screen.findAllByText("The picture was not deleted")).not.toHaveLength(0);
  expect(await tile(3)).toBeTruthy();
  expect(screen.getByText("3 pictures")).toBeTruthy();
});

it("keeps the filters in the address and asks with them", async () => {
  const { user, router, asked } = openStudio("/images", full);
  await tile(3);
  await user.click(screen.getByRole("button", { name: "Filters" }));
  await user.click(await screen.findByRole("button", { name: /Portrait/ }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ aspect: "portrait" }));
  const seen = (word: string) => () => expect(asked.some((one) => one.includes(word))).toBe(true);
  await waitFor(seen("/api/images?aspect=portrait"));
  await user.type(screen.getByRole("textbox", { name: "Search pictures" }), "fox");
  await waitFor(seen("q=fox"));
  await user.selectOptions(screen.getByLabelText("Order"), "Best rated first");
  await waitFor(seen("sort=rating"));
  expect(router.state.location.search).toMatchObject({
    q: "fox",
    aspect: "portrait",
    sort: "rating",
  });
  router.history.back();
  await waitFor(() => expect(router.state.location.search).not.toHaveProperty("sort"));
  await user.click(screen.getByRole("button", { name: "Remove the filter portrait" }));
  await waitFor(() => expect(router.state.location.search).not.toHaveProperty("aspect"));
});

it("offers to clear filters that nothing matches", async () => {
  const { user, router } = openStudio("/images?aspect=square&order=asc", {
    ...full,
    "GET /api/images": (url) =>
      url.searchParams.has("aspect") ? page([], null, 0) : page(three, null, 3),
  });
  await screen.findByText("No picture is like that");
  const [button] = screen.getAllByRole("button", { name: "Clear filters" }).slice(-1);
  if (button) await user.click(button);
  expect(await tile(3)).toBeTruthy();
  expect(router.state.location.search).toEqual({ order: "asc" });
});

it("leads from an empty library to Generate", async () => {
  openStudio("/images", { ...full, "GET /api/images": () => page([], null, 0) });
  const link = await screen.findByRole("link", { name: "Make the first one" });
  expect(link.getAttribute("href")).toBe("/generate");
});

it("says what went wrong and tries again", async () => {
  let broken = true;
  const { user } = openStudio("/images", {
    ...full,
    "GET /api/images": () =>
      broken
        ? Response.json({ detail: "The database is away." }, { status: 400 })
        : page(three, null, 3),
  });
  expect(await screen.findByText("The database is away.")).toBeTruthy();
  broken = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await tile(3)).toBeTruthy();
});

it("restores from the trash by key", async () => {
  const gone = picture(3, { deleted_at: "2026-11-20T00:00:00Z" });
  const { user } = openStudio("/trash", {
    ...full,
    "GET /api/images": () => page([gone], null, 1),
  });
  (await tile(3)).focus();
  await user.keyboard("r");
  expect(await screen.findByText("The trash is empty")).toBeTruthy();
  expect(await screen.findByText("Restored")).toBeTruthy();
});

it("chooses by key and by click, changes the chosen ones, and takes that back by key", async () => {
  const { user, asked } = openStudio("/images", full);
  (await tile(3)).focus();
  await user.keyboard(" {Shift>}{ArrowRight}{/Shift}");
  const bar = await screen.findByRole("region", { name: "Chosen pictures" });
  await waitFor(() => expect(bar.textContent).toContain("2 pictures"));
  // While pictures are being chosen, a click chooses too.
  await user.click(await screen.findByRole("link", { name: /Picture 1/ }));
  await waitFor(() => expect(bar.textContent).toContain("3 pictures"));
  await user.keyboard("f");
  await waitFor(() => expect(asked).toContain("POST /api/images/bulk-favorite"));
  await waitFor(() => expect(screen.getAllByText("favourite")).toHaveLength(3));
  await user.keyboard("z");
  await waitFor(() => expect(asked).toContain(`POST /api/images/undo/${UNDO}`));
  await waitFor(() => expect(screen.queryAllByText("favourite")).toHaveLength(0));
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("region", { name: "Chosen pictures" })).toBeNull();
  await user.keyboard("{Control>}a{/Control}");
  expect((await screen.findByRole("region", { name: "Chosen pictures" })).textContent).toContain(
    "All 3 pictures",
  );
});

const SEA = "00000000-0000-7000-8000-0000000000aa";
const GONE = "00000000-0000-7000-8000-0000000000bb";
const placed: Answers = {
  ...full,
  "GET /api/images/facets": () => ({
    project_id: { none: 2, [SEA]: 1 },
    collection_id: { none: 3 },
    rating: { none: 3 },
    tags: {},
  }),
  "GET /api/projects": () => ({
    items: [{ id: SEA, name: "Sea" }],
    next_cursor: null,
    total: null,
  }),
};

it("narrows by a project by its name, and by what is not rated", async () => {
  const { user, router } = openStudio("/images", placed);
  await tile(3);
  await user.click(screen.getByRole("button", { name: "Filters" }));
  await user.click(await screen.findByRole("button", { name: /^Sea/ }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ project_id: SEA }));
  expect(await screen.findByRole("list", { name: "Active filters" })).toHaveProperty(
    "textContent",
    "SeaClear all",
  );
  // Nothing is in a collection: that is no choice.
  expect(screen.queryByRole("heading", { name: "Collection" })).toBeNull();
  await user.click(screen.getByRole("button", { name: /^Not rated/ }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ rated: false }));
});

it("says that a project is gone, and leads out of it", async () => {
  const { user, router } = openStudio(`/images?project_id=${GONE}&favorite=true`, {
    ...placed,
    "GET /api/images": () => page([], null, 0),
  });
  expect(await screen.findByText("This project is gone")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Show pictures of every project" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ favorite: true }));
  expect(await screen.findByText("No picture is like that")).toBeTruthy();
});
