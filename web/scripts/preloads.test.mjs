import { expect, it, vi } from "vitest";
import { me } from "../src/api/sdk.gen.ts";
import { imageList } from "../src/features/library/image-lists.ts";
import { createQueryClient } from "../src/lib/query-client.ts";
import { addressOf, LISTS, preloadsOf, SESSION } from "./preloads.mjs";

it("knows the address of a route", () => {
  expect(addressOf("_studio/images.index")).toBe("/app/images");
  expect(addressOf("_studio/images.$id")).toBe("/app/images/*");
  expect(addressOf("log-in")).toBe("/app/log-in");
  expect(addressOf("_studio/$")).toBeUndefined();
});

it("names the scripts of a route that the page itself does not name", () => {
  const page = (name) => `src/routes/${name}.tsx?tsr-split=component`;
  const preloads = preloadsOf({
    "app.html": { file: "assets/app.js", imports: ["_vendor"] },
    _vendor: { file: "assets/vendor.js" },
    _grid: { file: "assets/grid.js", imports: ["_vendor"] },
    [page("_studio")]: { file: "assets/frame.js", imports: ["_vendor"] },
    [page("_studio/generate")]: { file: "assets/generate.js" },
    [page("_studio/images.index")]: { file: "assets/images.js", imports: ["_grid"] },
    [page("log-in")]: { file: "assets/log-in.js" },
  });
  expect(preloads["/app/images"].scripts).toEqual([
    "/assets/frame.js",
    "/assets/images.js",
    "/assets/grid.js",
  ]);
  expect(preloads["/app/log-in"].scripts).toEqual(["/assets/log-in.js"]);
  expect(preloads["/app"]).toBe(preloads["/app/generate"]);
});

it("preloads exactly what the studio asks for", async () => {
  const asked = [];
  vi.stubGlobal("fetch", async (request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(pathname + search);
    expect([request.method, request.mode, request.credentials]).toEqual([
      "GET",
      "cors",
      "same-origin",
    ]);
    return Response.json({ items: [], next_cursor: null });
  });
  await me({ throwOnError: true });
  await createQueryClient().fetchInfiniteQuery(imageList({}));
  expect(asked).toEqual([SESSION, ...LISTS["_studio/images.index"]]);
});
