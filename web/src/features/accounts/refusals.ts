/** What to do when a sign-in at a provider ended without success; the server names the reason in the address. */
export type Refusal = { code: string; provider: string | undefined };

const WHAT_TO_DO: Record<string, string> = {
  sign_in_cancelled: "You cancelled the sign-in. Start again whenever you like.",
  sign_in_expired: "That took too long, or was begun in another browser. Start again.",
  sign_in_refused: "The provider did not confirm who you are. Try again, or use another way in.",
  issuer_unavailable: "The provider does not answer at the moment. Try again soon.",
  provider_email_missing:
    "The provider did not tell your e-mail address. Allow it to there, then try again.",
  provider_email_unverified:
    "The provider has not verified your e-mail address. Verify it there, then try again.",
  link_first:
    "There is an account with your e-mail address already. Log in to it, then link the provider in Settings.",
  account_suspended: "This account is suspended. Ask the studio's administrator.",
  registration_closed:
    "This studio takes no new accounts. Ask its administrator, or log in to the account you have.",
  identity_taken: "That account at the provider is linked to another account here.",
};

export function readRefusal(search: Record<string, unknown>): {
  refused?: string;
  provider?: string;
} {
  return {
    ...(typeof search.refused === "string" ? { refused: search.refused } : {}),
    ...(typeof search.provider === "string" ? { provider: search.provider } : {}),
  };
}

/** Never what stands in the address itself, which anyone may write. */
export function whatToDo(code: string): string {
  return WHAT_TO_DO[code] ?? "The sign-in did not work. Try again.";
}
