import type { MailOut } from "@/api/types.gen";

const STATES = {
  pending: { label: "Waits for the mail server", kind: "primary" },
  sent: { label: "Sent", kind: "success" },
  kept: { label: "Kept here", kind: "warning" },
  failed: { label: "Not sent", kind: "error" },
} as const satisfies Record<MailOut["state"], { label: string; kind: string }>;

/** What became of a mail, in words. */
export function stateOf(state: MailOut["state"]) {
  return STATES[state];
}
