import { expect, it } from "vitest";
import { faultOf, roomOf } from "./ranks.mjs";

it("knows the rooms", () => {
  expect(roomOf("src/features/library/grid.tsx")).toEqual({
    floor: "features",
    feature: "library",
  });
  expect(roomOf("src/route-tree.gen.ts").floor).toBe("main");
});

it.each([
  ["src/routes/images.tsx", "@/features/library/images-page"],
  ["src/features/generation/panel.tsx", "@/features/library/image-card"],
  ["src/features/library/grid.tsx", "./masonry"],
  ["src/ui/button.tsx", "@/lib/cn"],
  ["src/api/client.gen.ts", "@/lib/http"],
  ["src/lib/cn.ts", "clsx"],
])("%s may import %s", (path, specifier) => {
  expect(faultOf(path, specifier)).toBeUndefined();
});

it.each([
  ["src/lib/http.ts", "@/api/client.gen"],
  ["src/ui/button.tsx", "@/features/accounts/session"],
  ["src/features/library/grid.tsx", "@/features/generation/panel"],
  ["src/features/search/page.tsx", "@/features/sharing/page"],
  ["src/features/library/grid.tsx", "../generation/panel"],
  ["src/app/shell.tsx", "@/routes/index"],
])("%s may not import %s", (path, specifier) => {
  expect(faultOf(path, specifier)).toBeTypeOf("string");
});
