import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatCount, formatDuration } from "./format";

describe("format", () => {
  it("shows sizes in units of 1000", () => {
    expect(formatBytes(0, "en")).toBe("0 byte");
    expect(formatBytes(999, "en")).toBe("999 byte");
    expect(formatBytes(1536, "en")).toBe("1.5 kB");
    expect(formatBytes(2_400_000, "en")).toBe("2.4 MB");
  });

  it("shows durations in two units at most", () => {
    expect(formatDuration(0.84)).toBe("0.8 s");
    expect(formatDuration(42)).toBe("42 s");
    expect(formatDuration(75)).toBe("1 min 15 s");
    expect(formatDuration(3600)).toBe("1 h");
  });

  it("shows how long ago", () => {
    const now = new Date("2026-11-21T12:00:00Z");
    expect(formatAgo("2026-11-21T11:59:30Z", now, "en")).toBe("now");
    expect(formatAgo("2026-11-21T11:57:00Z", now, "en")).toBe("3 minutes ago");
    expect(formatAgo("2026-11-20T11:00:00Z", now, "en")).toBe("yesterday");
    expect(formatAgo("2026-11-23T13:00:00Z", now, "en")).toBe("in 2 days");
  });

  it("counts", () => {
    expect(formatCount(1, "picture")).toBe("1 picture");
    expect(formatCount(3, "picture")).toBe("3 pictures");
  });
});
