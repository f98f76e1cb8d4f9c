import { expect, it } from "vitest";
import { safeNext } from "./next-path";

const home = "/app/generate";

it.each([
  ["/app/images?tag=sea#top", "/app/images?tag=sea#top"],
  ["/app", "/app"],
  ["https://elsewhere.example/app", home],
  ["//elsewhere.example/app", home],
  ["/\\elsewhere.example", home],
  ["/app/../api/auth/logout", home],
  ["/api/images", home],
  ["/application", home],
  ["javascript:alert(1)", home],
  ["/app/log-in?next=/app/log-in", home],
  [undefined, home],
])("%s leads to %s", (next, path) => {
  expect(safeNext(next, "https://easel.example")).toBe(path);
});
