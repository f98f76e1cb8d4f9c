import { expect, it } from "vitest";
import { inOrder, ORDERS, orderOf } from "./sorting";

it("names every order, and comes back from its name", () => {
  for (const { value } of ORDERS) expect(orderOf(inOrder(value))).toBe(value);
  expect(inOrder("created-desc")).toEqual({ sort: undefined, order: undefined });
  expect(orderOf({ sort: "likes", order: "asc" })).toBe("likes-desc");
});
