/** What an order becomes when some of it is dragged onto another place. */

export type Moved = { order: string[]; ids: string[]; after: string | null };

/**
 * `active` is dragged onto `over`, and with it all that is `chosen` if it is among that, as one block. It comes to
 * stand behind `over` when it comes from before it, and before `over` otherwise. Null when nothing changes.
 */
export function moved(
  order: readonly string[],
  active: string,
  over: string,
  chosen: ReadonlySet<string>,
): Moved | null {
  const ids = chosen.has(active) ? order.filter((id) => chosen.has(id)) : [active];
  if (active === over || ids.includes(over)) return null;
  const rest = order.filter((id) => !ids.includes(id));
  const forwards = order.indexOf(active) < order.indexOf(over);
  const at = rest.indexOf(over) + (forwards ? 1 : 0);
  return {
    order: [...rest.slice(0, at), ...ids, ...rest.slice(at)],
    ids,
    after: rest[at - 1] ?? null,
  };
}
