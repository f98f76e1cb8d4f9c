/** What the audit log is searched for, as it stands in the address. */
export type AuditSearch = { user?: string; action?: string; from?: string; to?: string };

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const found: AuditSearch = {};
  for (const name of ["user", "action", "from", "to"] as const) {
    const value = search[name];
    if (typeof value === "string" && value.trim()) found[name] = value.trim();
  }
  return found;
}

/** The first or the last moment of a day of this place, as the API takes it; nothing for what is no day. */
export function momentOf(day: string | undefined, end: boolean): string | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const moment = new Date(`${day}T${end ? "23:59:59.999" : "00:00:00"}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
