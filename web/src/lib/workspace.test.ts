import { expect, test } from "vitest";
import {
  actingId,
  actingName,
  isWorkspaceName,
  namesWorkspace,
  workspaceRewrite,
} from "./workspace";

const TEAM = "01a1fde8-40bb-75a7-9732-0cc2cc28a926";

test.each([
  [`/app/w/${TEAM}/images`, TEAM, TEAM, true],
  [`/app/w/${TEAM}`, TEAM, TEAM, true],
  ["/app/w/personal/images", "personal", undefined, true],
  ["/app/images", "personal", undefined, false],
  ["/app/log-in", "personal", undefined, false],
])("%s acts in %s", (path, name, id, named) => {
  expect([actingName(path), actingId(path), namesWorkspace(path)]).toEqual([name, id, named]);
});

test("routes see addresses without the workspace, links get it", () => {
  const { input, output } = workspaceRewrite(() => new Set(["images"]));
  const url = (path: string) => new URL(path, "http://studio");
  expect(input({ url: url(`/w/${TEAM}/images/1?a=b`) }).pathname).toBe("/images/1");
  expect(input({ url: url("/w/personal") }).pathname).toBe("/");
  expect(input({ url: url("/images") }).pathname).toBe("/images");
  expect(output({ url: url("/images/1") }).pathname).toBe("/w/personal/images/1");
  expect(output({ url: url("/log-in") }).pathname).toBe("/log-in");
});

test("only ids and the personal one are names of workspaces", () => {
  expect([TEAM, "personal", "..", "x"].map(isWorkspaceName)).toEqual([true, true, false, false]);
});
