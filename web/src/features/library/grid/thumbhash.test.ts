import { expect, it } from "vitest";
import { averageColour, drawHash, isTransparent, readHash, toBitmap } from "./thumbhash";

// Of a tall picture whose mean, measured, is 81 71 101.
const HASH = "FRcKFAJJd3cHiHmHeIhZapCwBw==";

it("reads base64 and refuses what is no hash", () => {
  expect(readHash(HASH)).toHaveLength(19);
  expect(readHash("AA==")).toBeNull();
  expect(readHash("not base64!")).toBeNull();
});

it("knows the average colour", () => {
  const colour = averageColour(readHash(HASH) ?? new Uint8Array());
  expect(colour).toBe("rgb(82 69 104)");
});

it("draws a blur whose mean is the average colour", () => {
  const { width, height, pixels } = drawHash(readHash(HASH) ?? new Uint8Array());
  expect([width, height]).toEqual([11, 20]);
  const mean = [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let at = channel; at < pixels.length; at += 4) sum += pixels[at] ?? 0;
    return Math.round(sum / (width * height));
  });
  const average =
    averageColour(readHash(HASH) ?? new Uint8Array())
      .match(/\d+/g)
      ?.map(Number) ?? [];
  for (const [channel, value] of mean.entries())
    expect(Math.abs(value - (average[channel] ?? 0))).toBeLessThan(6);
});

it("writes a bitmap that says how large it is", () => {
  const address = toBitmap(drawHash(readHash(HASH) ?? new Uint8Array()));
  const bytes = Uint8Array.from(atob(address.split(",")[1] ?? ""), (one) => one.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  expect(address.startsWith("data:image/bmp;base64,Qk")).toBe(true);
  expect(view.getUint32(2, true)).toBe(bytes.length);
  expect([view.getInt32(18, true), view.getInt32(22, true)]).toEqual([11, -20]);
  expect(bytes.length).toBe(54 + 36 * 20);
});

it("says whether a picture is transparent", () => {
  const hash = readHash(HASH) ?? new Uint8Array();
  expect(isTransparent(hash)).toBe(false);
  expect(isTransparent(hash.with(2, (hash[2] ?? 0) | 0x80))).toBe(true);
});
