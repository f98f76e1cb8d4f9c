import { expect, it } from "vitest";
import { auditWords, isSuspicious } from "./audit-words";

it("says what happened in a person's words", () => {
  const said = (action: string, details = {}) => auditWords({ action, details });
  expect(said("password.changed")).toBe("Password changed");
  expect(said("session.started")).toBe("Logged in");
  expect(said("session.started", { new_place: true })).toBe("Logged in from a new place");
  expect(said("session.ended", { by: "log_out" })).toBe("Logged out");
  expect(said("session.ended", { by: "revoking" })).toBe("A device was logged out");
  expect(said("team.handed_over")).toBe("Team handed over");
});

it("points at what deserves a second look", () => {
  expect(isSuspicious({ action: "log_in.failed", details: {} })).toBe(true);
  expect(isSuspicious({ action: "session.started", details: { new_place: true } })).toBe(true);
  expect(isSuspicious({ action: "session.started", details: {} })).toBe(false);
});
