/** A log-in whose first step was taken at a provider: the server puts the second one after the # of the address. */
import type { SecondFactor } from "./session";

const METHODS = ["totp", "passkey"] as const;

/** Takes it out of the address, so that it does not stay in the history. */
export function takeBegun(): SecondFactor | undefined {
  const parts = new URLSearchParams(location.hash.slice(1));
  const challenge = parts.get("challenge");
  if (!challenge) return undefined;
  history.replaceState(history.state, "", location.pathname + location.search);
  const named = parts.get("methods")?.split(",") ?? [];
  return { challenge, second_factor: METHODS.filter((method) => named.includes(method)) };
}
