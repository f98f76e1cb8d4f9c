/**
 * What the server says when it refuses (RFC 9457), as one Error class that every request throws.
 * A request that never got an answer is a Problem too, with status 0.
 */
export type FieldError = { field: string; message: string; code: string };

export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly title: string;
  /** The name of the error for programs, such as "email_taken". */
  readonly code: string;
  readonly fields: readonly FieldError[];
  /** Seconds to wait before trying again, where the server said so. */
  readonly retryAfter: number | null;
  /** Where in the studio it can be put right, where the server said so. */
  readonly settingsUrl: string | null;

  constructor(facts: Partial<Omit<Problem, "name">> & { status: number; detail?: string }) {
    super(facts.detail ?? facts.title ?? "Something went wrong.");
    this.status = facts.status;
    this.title = facts.title ?? "";
    this.code = facts.code ?? "";
    this.fields = facts.fields ?? [];
    this.retryAfter = facts.retryAfter ?? null;
    this.settingsUrl = facts.settingsUrl ?? null;
  }
}

export const UNREACHABLE = "Easel could not be reached. Check your connection, then try again.";
const UNREADABLE = "The server answered with an error and no reason. Try again in a moment.";

/** Turns whatever a failed request left behind into a Problem. */
export function toProblem(body: unknown, response?: Response): Problem {
  if (body instanceof Problem) return body;
  if (!response) return new Problem({ status: 0, title: "Unreachable", detail: UNREACHABLE });
  const facts = isRecord(body) ? body : {};
  return new Problem({
    status: response.status,
    title: text(facts.title),
    code: text(facts.code),
    detail: text(facts.detail) ?? text(facts.title) ?? UNREADABLE,
    fields: Array.isArray(facts.errors) ? facts.errors.flatMap(toFieldError) : [],
    retryAfter: seconds(response.headers.get("Retry-After")),
    settingsUrl: text(facts.settings_url)?.match(/^\/app\/\S+$/)?.[0] ?? null,
  });
}

/** A sentence for a person, whatever was thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  return "Something went wrong in the studio. Reload the page and try again.";
}

function toFieldError(value: unknown): FieldError[] {
  if (!isRecord(value) || typeof value.field !== "string") return [];
  return [
    {
      field: value.field,
      message: text(value.message) ?? "Check this value.",
      code: text(value.code) ?? "",
    },
  ];
}

function seconds(header: string | null): number | null {
  if (header === null) return null;
  const value = Number(header);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
