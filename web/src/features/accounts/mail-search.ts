/** What the link of a mail brings, as it stands in the address. */
export type MailSearch = { user_id?: string; token?: string; result?: string };

export function readMailSearch(search: Record<string, unknown>): MailSearch {
  const { user_id, token, result } = search;
  return {
    ...(typeof user_id === "string" ? { user_id } : {}),
    // A token of digits alone comes as a number.
    ...(typeof token === "string" || typeof token === "number" ? { token: String(token) } : {}),
    ...(typeof result === "string" ? { result } : {}),
  };
}
