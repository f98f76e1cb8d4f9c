import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Notice, takeNotices } from "@/ui/notify";
import { downloadZip, selectionOf } from "./download";

const EXPORT = {
  id: "e1",
  title: "Pictures",
  images: 2_500,
  size: null,
  job_id: "e1",
  download_url: "/api/exports/e1/file",
  error: null,
};

const told: Notice[] = [];
const followed: string[] = [];
let give = () => {};

beforeEach(() => {
  told.length = followed.length = 0;
  give = takeNotices((notice) => told.push(notice));
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    followed.push(this.pathname);
  });
});
afterEach(() => {
  give();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A server whose answers come one after the other. */
function serve(...answers: [status: number, body: object][]) {
  const asked: Request[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      asked.push(request);
      const [status, body] = answers[asked.length - 1] ?? [500, {}];
      return Response.json(body, { status });
    }),
  );
  return asked;
}

test("a large ZIP is waited for, then handed to the browser", async () => {
  const asked = serve(
    [202, { ...EXPORT, status: "preparing" }],
    [200, { ...EXPORT, status: "ready", size: 5_000_000 }],
  );
  await downloadZip({ of: "images", which: { filter: { favorite: true } } });
  expect(asked[0]?.headers.get("prefer")).toBe("respond-async");
  expect(told.map(({ title }) => title)).toEqual([
    "Preparing a ZIP of 2,500 pictures…",
    "A ZIP of 2,500 pictures is downloading",
  ]);
  expect(followed).toEqual(["/api/exports/e1/file"]);
});

test("what went wrong is said, and can be tried again", async () => {
  serve(
    [202, { ...EXPORT, status: "preparing" }],
    [200, { ...EXPORT, status: "failed", error: "The disk is full." }],
    [202, { ...EXPORT, status: "ready", size: 10 }],
  );
  await downloadZip({ of: "project", id: "p1" });
  const failure = told.at(-1);
  expect(failure?.description).toBe("The disk is full.");
  expect(followed).toEqual([]);
  failure?.action?.run();
  await vi.waitFor(() => expect(followed).toEqual(["/api/exports/e1/file"]));
});

test("what metadata is asked of", () => {
  expect(selectionOf({ of: "project", id: "p1" })).toEqual({ filter: { project_id: "p1" } });
  expect(selectionOf({ of: "collection", id: "c1", filter: null })).toEqual({
    filter: { collection_id: "c1" },
  });
  expect(selectionOf({ of: "collection", id: "c1", filter: { q: "fox" } })).toEqual({
    filter: { q: "fox" },
  });
});
