import { expect, it } from "vitest";
import { parametersOf, problemWith, words } from "./schema-fields";

const model = {
  defaults: { steps: 8, guidance: 7, style: "auto", tile: false, sampler: "euler" },
  parameters: {
    $defs: { Sampler: { enum: ["euler", "heun"], type: "string", title: "Sampler" } },
    properties: {
      steps: { type: "integer", minimum: 1, maximum: 50, title: "Steps", description: "How far." },
      guidance: { type: "number", minimum: 0, maximum: 20 },
      style: { type: "string", enum: ["auto", "oil"] },
      tile: { type: "boolean" },
      sampler: { $ref: "#/$defs/Sampler" },
      strength: { anyOf: [{ type: "number", exclusiveMinimum: 0, maximum: 1 }, { type: "null" }] },
      suffix: { type: "string", maxLength: 5 },
      loras: { type: "array", items: { type: "object" } },
    },
  },
};
const named = Object.fromEntries(parametersOf(model).map((each) => [each.name, each]));
const get = (name: string) => {
  const found = named[name];
  if (!found) throw new Error(name);
  return found;
};

it("turns each kind of schema into its control, in order", () => {
  expect(parametersOf(model).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    "steps number",
    "guidance number",
    "style choice",
    "tile switch",
    "sampler choice",
    "strength number",
    "suffix text",
    "loras json",
  ]);
  expect(get("steps")).toMatchObject({
    label: "Steps",
    help: "How far.",
    initial: 8,
    integer: true,
    min: 1,
    max: 50,
    step: 1,
    optional: false,
  });
  expect(get("guidance")).toMatchObject({ label: "Guidance", step: 0.1 });
  expect(get("sampler")).toMatchObject({ label: "Sampler", values: ["euler", "heun"] });
  expect(get("strength")).toMatchObject({ optional: true, min: 0.01, max: 1 });
});

it.each([
  ["steps", 50, null],
  ["steps", 51, "Enter 1 to 50."],
  ["steps", 2.5, "Enter a whole number."],
  ["steps", null, "Enter a value."],
  ["strength", null, null],
  ["style", "oil", null],
  ["style", "comic", "Choose one of the list."],
  ["tile", "yes", "Switch it on or off."],
  ["suffix", "toolong", "Use at most 5 characters."],
  ["loras", [{ name: "a" }], null],
  ["loras", "[{", "Write it as JSON."],
])("says of %s = %s: %s", (name, value, words) => {
  expect(problemWith(get(name), value)).toBe(words);
});

it("makes words of names", () => {
  expect(words("guidance_scale")).toBe("Guidance scale");
  expect(words("digital-art")).toBe("Digital art");
});
