import { describe, expect, it } from "vitest";
import { picture } from "@/features/library/test-images";
import { differs, diffWords, settingsOf } from "./compare-diff";

const marked = (before: string, after: string) =>
  diffWords(before, after)
    .map(({ kind, text }) =>
      kind === "gone" ? `[-${text}-]` : kind === "new" ? `[+${text}+]` : text,
    )
    .join("");

describe("diffWords", () => {
  it("marks words that went and came", () => {
    expect(marked("a red fox in the snow", "a blue fox in snow at dusk")).toBe(
      "a [-red -][+blue +]fox in [-the -][-snow-][+snow at dusk+]".replace(
        "[-the -][-snow-]",
        "[-the snow-]",
      ),
    );
    expect(marked("the same", "the same")).toBe("the same");
    expect(marked("", "new words")).toBe("[+new words+]");
    expect(marked("old words", "")).toBe("[-old words-]");
  });

  it("loses nothing of either text", () => {
    const [before, after] = [
      "Ein (Fuchs:1.2), im Schnee – 狐 x",
      "Ein (Fuchs:1.4),\nim Wald – 狐! x",
    ];
    const parts = diffWords(before, after);
    const text = (not: string) =>
      parts
        .filter(({ kind }) => kind !== not)
        .map((p) => p.text)
        .join("");
    expect(text("new")).toBe(before);
    expect(text("gone")).toBe(after);
  });

  it("takes very long texts whole", () => {
    const long = (word: string) => `${word} `.repeat(4_000);
    expect(diffWords(long("a"), long("b")).map(({ kind }) => kind)).toEqual(["gone", "new"]);
  });
});

describe("settingsOf", () => {
  it("says which settings differ, those too that one of them lacks", () => {
    const one = picture(1, { parameters: { steps: 8, style: "ink" } });
    const two = picture(2, { parameters: { steps: 8 }, seed: 1, prompt: one.prompt });
    const rows = settingsOf([one, two]);
    expect(rows.filter(differs)).toEqual([{ name: "Style", values: ["ink", undefined] }]);
    expect(rows.map(({ name }) => name)).toContain("Steps");
    expect(rows.map(({ name }) => name)).not.toContain("Negative prompt");
  });
});
