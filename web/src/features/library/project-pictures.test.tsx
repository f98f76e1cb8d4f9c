import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { page, picture } from "./test-images";
import { openStudio } from "./test-studio";

const SPRING = "00000000-0000-7000-8000-0000000000aa";
const UNDO = "00000000-0000-7000-8000-00000000d0d0";
const two = [picture(2, { project_id: SPRING }), picture(1, { project_id: SPRING })];
const tile = (at: number) => screen.findByRole("link", { name: `Picture ${at}` });

it("offers for the chosen of a project what the library offers, and takes one out and back", async () => {
  const out = { changed: 1, failed: [], job_id: null, undo_id: UNDO };
  const { user, asked } = openStudio(`/projects/${SPRING}`, {
    "GET /api/images": () => page(two, null, 2),
    "POST /api/images/bulk-move": () => out,
    [`POST /api/images/undo/${UNDO}`]: () => out,
  });
  (await tile(2)).focus();
  await user.keyboard(" ");
  const bar = await screen.findByRole("region", { name: "Chosen pictures" });
  await waitFor(() => expect(bar.textContent).toContain("1 picture"));
  for (const name of ["Tag (t)", "Move to a project (m)", "Move to the trash (Del)", "Download"])
    expect(await screen.findByRole("button", { name })).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Remove from the project" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "Picture 2" })).toBeNull());
  expect(screen.queryByRole("region", { name: "Chosen pictures" })).toBeNull();
  expect(asked).toContain("POST /api/images/bulk-move");
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await tile(2)).toBeTruthy();
});
