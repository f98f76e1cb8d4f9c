/** The orders that a person chooses from. */
import type { ImageFilter, Sort } from "../image-filter";

type Order = "asc" | "desc";

export const ORDERS: { value: `${Sort}-${Order}`; label: string }[] = [
  { value: "created-desc", label: "Newest first" },
  { value: "created-asc", label: "Oldest first" },
  { value: "name-asc", label: "Name, A to Z" },
  { value: "name-desc", label: "Name, Z to A" },
  { value: "rating-desc", label: "Best rated first" },
  { value: "rating-asc", label: "Worst rated first" },
  { value: "likes-desc", label: "Most liked first" },
  { value: "model-asc", label: "Model, A to Z" },
  { value: "size-desc", label: "Largest first" },
  { value: "size-asc", label: "Smallest first" },
];

export type OrderName = (typeof ORDERS)[number]["value"];

/** The name of a filter's order; one that is not offered is named as its other end. */
export function orderOf({ sort, order }: ImageFilter): OrderName {
  const key: Sort = sort ?? "created";
  const end: Order = order ?? "desc";
  const name = ORDERS.find(({ value }) => value === `${key}-${end}`);
  return (name ?? ORDERS.find(({ value }) => value.startsWith(`${key}-`)))?.value ?? "created-desc";
}

export function inOrder(name: OrderName): Pick<ImageFilter, "sort" | "order"> {
  const [sort, order] = name.split("-") as [Sort, Order];
  return {
    sort: sort === "created" ? undefined : sort,
    order: order === "asc" ? order : undefined,
  };
}
