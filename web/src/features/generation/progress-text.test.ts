import { expect, it } from "vitest";
import { layOut, slotOf } from "./picture-layout";
import { aboutLeft, stateText, tabText } from "./progress-text";
import { fox } from "./test-samples";

const at = (step: number, steps: number) => ({
  ...fox,
  status: "processing" as const,
  position: null,
  progress: { step, steps, percent: steps ? (100 * step) / steps : 0, preview_url: null },
});

it("says where a request stands", () => {
  expect(stateText(fox)).toBe("Queued, 3 before it");
  expect(stateText({ ...fox, position: 0 })).toBe("Queued, next in line");
  expect(stateText(at(0, 0))).toBe("Drawing");
  expect(stateText(at(3, 20))).toBe("Drawing, step 3 of 20");
});

it("estimates what is left from what is done, before that from what is usual", () => {
  const now = Date.parse("2026-01-01T10:00:30Z");
  const begun = { started_at: "2026-01-01T10:00:00Z" };
  expect(aboutLeft({ ...at(10, 20), ...begun }, now)).toBe("about 30 s left");
  expect(aboutLeft({ ...at(1, 20), ...begun, eta_seconds: 8 }, now)).toBe("about 8 s left");
  expect(aboutLeft({ ...at(20, 20), ...begun }, now)).toBeNull();
  expect(aboutLeft(fox, now)).toBeNull();
});

it("tells the browser's tab", () => {
  expect(tabText([])).toBeNull();
  expect(tabText([fox])).toBe("Queued");
  expect(tabText([at(4, 20), at(8, 20), fox])).toBe("30% drawn");
});

it("knows which picture of several is being made", () => {
  const slots = [0, 1, 8, 9, 16].map((step) => slotOf({ step, steps: 16 }, 2));
  expect(slots).toEqual([0, 0, 0, 1, 1]);
  expect(slotOf({ step: 0, steps: 0 }, 4)).toBe(0);
});

it("lays pictures out by their shape", () => {
  expect(layOut(1, 1)).toEqual({ few: 1, many: 1, widest: 30 });
  expect(layOut(16 / 9, 4)).toMatchObject({ few: 2, many: 2 });
  expect(layOut(2 / 3, 4)).toMatchObject({ few: 2, many: 4 });
  expect(layOut(21 / 9, 2)).toMatchObject({ few: 1, many: 2 });
  expect(layOut(21 / 9, 1).widest).toBe(44);
});

it("says that it waits for its model, and when that is tried again", () => {
  const held = { ...fox, position: 0, eta_seconds: 40, waits_until: "2026-01-01T10:00:00Z" };
  expect(stateText(held)).toBe("Waiting for its model, which is down");
  expect(aboutLeft(held)).toMatch(/^tried again at \d/);
});
