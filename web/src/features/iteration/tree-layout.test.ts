import { describe, expect, it } from "vitest";
import { BOX, COLUMN, layOut, nest, ROW, stepFrom, within } from "./tree-layout";
import { member } from "./tree-nodes";

const FAMILY = [
  member("root", null),
  member("a", "root"),
  member("b", "root"),
  member("a1", "a"),
  member("a2", "a"),
  member("b1", "b"),
];
const NONE = new Set<string>();

describe("layOut", () => {
  it("puts children to the right of their parent and a parent amid its children", () => {
    const { places, byId, width, height } = layOut(FAMILY, NONE);
    expect(places.map(({ node }) => node.id)).toEqual(["root", "a", "a1", "a2", "b", "b1"]);
    expect(places.map(({ x }) => x / COLUMN)).toEqual([0, 1, 2, 2, 1, 2]);
    expect(byId.get("a")?.y).toBe(ROW / 2);
    expect(byId.get("root")?.y).toBe((ROW / 2 + 2 * ROW) / 2);
    expect([width, height]).toEqual([2 * COLUMN + BOX, 2 * ROW + BOX]);
  });

  it("folds a branch and says how many are in it", () => {
    const { places, byId, height } = layOut(FAMILY, new Set(["a"]));
    expect(places.map(({ node }) => node.id)).toEqual(["root", "a", "b", "b1"]);
    expect(byId.get("a")).toMatchObject({ offspring: 2, folded: 2, children: [] });
    expect(height).toBe(ROW + BOX);
  });

  it("never lets two boxes overlap, in a family of thousands with a very long chain", () => {
    const nodes = [member("0", null)];
    for (let at = 1; at < 4_000; at += 1)
      nodes.push(member(String(at), String(at % 3 ? Math.floor(at / 2) : at - 1)));
    const chain = Array.from({ length: 4_000 }, (_, at) =>
      member(`c${at}`, at > 0 ? `c${at - 1}` : "0"),
    );
    const { places } = layOut([...nodes, ...chain], NONE);
    expect(places).toHaveLength(8_000);
    const columns = Map.groupBy(places, ({ x }) => x);
    for (const column of columns.values()) {
      const tops = column.map(({ y }) => y);
      for (const [at, top] of tops.entries())
        if (at > 0) expect(top - (tops[at - 1] ?? 0)).toBeGreaterThanOrEqual(ROW);
    }
  });

  it("shows those whose parent is not among them as roots, and nothing for nothing", () => {
    expect(
      layOut([member("x", "gone"), member("y", "x")], NONE).places.map((p) => p.level),
    ).toEqual([1, 2]);
    expect(layOut([], NONE)).toMatchObject({ places: [], width: 0, height: 0 });
  });
});

describe("within", () => {
  it("finds what is in view alone", () => {
    const { places } = layOut(FAMILY, NONE);
    const area = { left: 2 * COLUMN, top: 0, right: 3 * COLUMN, bottom: 10 };
    expect(within(places, area).map(({ node }) => node.id)).toEqual(["a1"]);
  });
});

describe("stepFrom", () => {
  it("goes to parents, children and neighbours of the same generation", () => {
    const layout = layOut(FAMILY, NONE);
    const step = (from: string, way: Parameters<typeof stepFrom>[2]) => {
      const place = layout.byId.get(from);
      return place && stepFrom(layout, place, way).node.id;
    };
    expect(step("a", "parent")).toBe("root");
    expect(step("root", "parent")).toBe("root");
    expect(step("a", "child")).toBe("a1");
    expect(step("a2", "below")).toBe("b1");
    expect(step("a1", "above")).toBe("a1");
    expect(step("a1", "last")).toBe("b1");
  });
});

describe("nest", () => {
  it("makes lists in lists, as deep as wished and as many as wished", () => {
    const shape = (branches: ReturnType<typeof nest>): unknown =>
      branches.map(({ place, below }) =>
        below.length ? [place.node.id, shape(below)] : place.node.id,
      );
    const { places } = layOut(FAMILY, NONE);
    expect(shape(nest(places, 99, 9))).toEqual([
      [
        "root",
        [
          ["a", ["a1", "a2"]],
          ["b", ["b1"]],
        ],
      ],
    ]);
    expect(shape(nest(places, 99, 2))).toEqual([["root", ["a", "a1", "a2", "b", "b1"]]]);
    expect(shape(nest(places, 3, 9))).toEqual([["root", [["a", ["a1"]]]]]);
  });
});
