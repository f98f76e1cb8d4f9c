/** Entries of the audit log in a person's words. */
import type { AuditEntry } from "@/api/types.gen";

const WORDS: Record<string, string> = {
  "account.registered": "Account created",
  "log_in.failed": "Log-in failed",
  "email.changed": "E-mail address changed",
  "email.verified": "E-mail address confirmed",
  "email_change.asked": "Another e-mail address was asked for",
  "identity.linked": "Another way to sign in was linked",
  "identity.used": "Signed in at a provider",
  "api_key.created": "API key made",
  "api_key.revoked": "API key revoked",
  "credits.adjusted": "Credits were corrected",
  "invitation.sent": "Invited",
  "invitation.revoked": "Invitation revoked",
  "member.joined": "Joined the team",
  "member.left": "Left the team",
  "member.removed": "Removed from the team",
  "member.level_changed": "Level changed",
  "team.created": "Team created",
  "team.renamed": "Team renamed",
  "team.handed_over": "Team handed over",
  "model.changed": "A model's price or place was changed",
  "model.switched_off": "A model was switched off",
  "model.switched_on": "A model was switched on",
  "cleanup.changed": "The daily clean-up was changed",
  "cleanup.ran": "The daily clean-up moved pictures to the trash",
  "password.changed": "Password changed",
  "password.reset": "Password reset by a link",
  "password_reset.asked": "A link to reset the password was asked for",
  "second_factor.failed": "The second step of a log-in failed",
  "refresh_token.reused": "A stolen token was used, and its session ended",
  "session.ended": "A device was logged out",
  "session.started": "Logged in",
};

/** What happened, such as "Password changed"; a name that is not known is spelled out. */
export function auditWords({ action, details }: Pick<AuditEntry, "action" | "details">): string {
  if (action === "session.started" && details.new_place) return "Logged in from a new place";
  if (action === "session.ended" && details.by === "log_out") return "Logged out";
  const words = WORDS[action] ?? action.replace(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether an entry deserves a second look. */
export function isSuspicious({ action, details }: Pick<AuditEntry, "action" | "details">): boolean {
  return (
    action === "log_in.failed" ||
    action === "second_factor.failed" ||
    action === "refresh_token.reused" ||
    !!details.new_place
  );
}
