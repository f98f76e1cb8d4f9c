import { expect, test } from "vitest";
import { hasMark, partsOf } from "./prompt-marks";

const marked = (prompt: string) =>
  partsOf(prompt)
    .filter(({ mark }) => mark !== null)
    .map(({ text, mark }) => [mark, text]);

test.each([
  ["a (red fox:1.3) at dusk", [["weight", "(red fox:1.3)"]]],
  ["a [blurred] sky", [["weight", "[blurred]"]]],
  [
    "a {red|grey} fox by {name}",
    [
      ["variable", "{red|grey}"],
      ["variable", "{name}"],
    ],
  ],
  ["(fox: 2 )", [["weight", "(fox: 2 )"]]],
  ["a fox (in the snow), at 10:30", []],
  ["\\[plain\\] and \\{plain\\} and \\(plain:1.2\\)", []],
  ["[open and {open and (open:1.", []],
  ["[] {} (:1)", []],
  ["[two\nlines]", []],
])("%j is marked", (prompt, expected) => {
  expect(marked(prompt)).toEqual(expected);
});

test("the parts are the whole prompt", () => {
  const prompt = "x[a](b:1){c}\\{d} (e) \n🦊{🦊}";
  expect(
    partsOf(prompt)
      .map(({ text }) => text)
      .join(""),
  ).toBe(prompt);
});

test("marks are found by kind", () => {
  expect(hasMark("a [fox]", "weight")).toBe(true);
  expect(hasMark("a [fox]", "variable")).toBe(false);
});
