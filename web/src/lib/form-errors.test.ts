import { describe, expect, it } from "vitest";
import { placeErrors } from "./form-errors";
import { toProblem, UNREACHABLE } from "./problem";

const refused = (errors: unknown[], detail = "Some values are wrong.") =>
  toProblem({ title: "Invalid", detail, errors }, new Response(null, { status: 422 }));

describe("placeErrors", () => {
  it("puts each message beside its field, the first one of a field only", () => {
    const problem = refused([
      { field: "email", message: "is taken", code: "taken" },
      { field: "email", message: "is odd", code: "odd" },
      { field: "body.password", message: "is too common", code: "common" },
    ]);
    expect(placeErrors(problem, ["email", "password"])).toEqual({
      fields: [
        { name: "email", message: "Is taken." },
        { name: "password", message: "Is too common." },
      ],
      form: null,
    });
  });

  it("keeps for the form what belongs to no field of it", () => {
    const problem = refused([
      { field: "parameters.steps", message: "is not known here", code: "x" },
    ]);
    expect(placeErrors(problem, ["email"])).toEqual({
      fields: [],
      form: "parameters.steps: is not known here",
    });
  });

  it("shows the detail when no field is named", () => {
    expect(placeErrors(refused([]), ["email"]).form).toBe("Some values are wrong.");
    expect(placeErrors(toProblem(undefined), ["email"]).form).toBe(UNREACHABLE);
  });
});

describe("toProblem", () => {
  it("reads the code, the fields and how long to wait", () => {
    const response = new Response(null, { status: 429, headers: { "Retry-After": "12" } });
    const problem = toProblem({ code: "rate_limited", detail: "Slowly." }, response);
    expect(problem).toMatchObject({ status: 429, code: "rate_limited", retryAfter: 12 });
    expect(problem.message).toBe("Slowly.");
  });

  it("says something useful about an answer that is no problem document", () => {
    const problem = toProblem("<html>", new Response(null, { status: 502 }));
    expect(problem.message).toMatch(/no reason/);
  });
});
