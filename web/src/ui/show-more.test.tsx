import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { ShowMore } from "./show-more";

it("asks for the next page, says why it did not come, and is nothing at the end", async () => {
  const fetchNextPage = vi.fn(async () => undefined);
  const list = { hasNextPage: true, isFetchingNextPage: false, error: null, fetchNextPage };
  const { rerender, container } = render(<ShowMore list={list} label="Show earlier" />);
  await userEvent.click(screen.getByRole("button", { name: "Show earlier" }));
  expect(fetchNextPage).toHaveBeenCalledOnce();

  rerender(<ShowMore list={{ ...list, error: new Error("The line is cut.") }} />);
  expect(screen.getByRole("alert").textContent).not.toBe("");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(fetchNextPage).toHaveBeenCalledTimes(2);

  rerender(<ShowMore list={{ ...list, hasNextPage: false }} />);
  expect(container.childElementCount).toBe(0);
});
