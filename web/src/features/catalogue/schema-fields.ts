/** A model's parameters, told as JSON Schema, as the controls of a form. */
import type { ModelOut } from "@/api/types.gen";

type Facts = {
  name: string;
  label: string;
  help: string;
  /** What the model uses when nothing is said; undefined where the schema names nothing. */
  initial: unknown;
  /** May be left empty. */
  optional: boolean;
};
export type NumberParameter = Facts & {
  kind: "number";
  integer: boolean;
  min: number | null;
  max: number | null;
  step: number;
};
export type ChoiceParameter = Facts & { kind: "choice"; values: readonly (string | number)[] };
export type SwitchParameter = Facts & { kind: "switch" };
export type TextParameter = Facts & { kind: "text"; longest: number | null };
/** Lists and objects: written as JSON. */
export type JsonParameter = Facts & { kind: "json" };
export type Parameter =
  | NumberParameter
  | ChoiceParameter
  | SwitchParameter
  | TextParameter
  | JsonParameter;

export type Values = Readonly<Record<string, unknown>>;
type Schema = Record<string, unknown>;

/** Every parameter in the schema's order. */
export function parametersOf(model: Pick<ModelOut, "parameters" | "defaults">): Parameter[] {
  const properties = record(model.parameters.properties);
  const required = Array.isArray(model.parameters.required) ? model.parameters.required : [];
  return Object.entries(properties).map(([name, given]) => {
    const { schema, nullable } = resolve(record(given), model.parameters);
    const initial = model.defaults[name] ?? schema.default ?? undefined;
    return {
      name,
      label: text(schema.title) ?? words(name),
      help: text(schema.description) ?? "",
      initial,
      optional: nullable || (initial === undefined && !required.includes(name)),
      ...kindOf(schema),
    } as Parameter;
  });
}

/** Those that say something of pictures made from words alone: strength is about a picture to start from. */
export function parametersForText(model: Pick<ModelOut, "parameters" | "defaults">): Parameter[] {
  return parametersOf(model).filter(({ name }) => name !== "strength");
}

type Kind<Each> = Each extends Parameter ? Omit<Each, keyof Facts> : never;

function kindOf(schema: Schema): Kind<Parameter> {
  const values = Array.isArray(schema.enum)
    ? schema.enum
    : "const" in schema
      ? [schema.const]
      : null;
  if (values?.every((value) => typeof value === "string" || typeof value === "number"))
    return { kind: "choice", values };
  if (schema.type === "boolean") return { kind: "switch" };
  if (schema.type === "integer" || schema.type === "number") return numberKind(schema);
  if (schema.type === "string") return { kind: "text", longest: number(schema.maxLength) };
  return { kind: "json" };
}

function numberKind(schema: Schema): Kind<NumberParameter> {
  const integer = schema.type === "integer";
  const [under, over] = [number(schema.exclusiveMinimum), number(schema.exclusiveMaximum)];
  const [least, most] = [number(schema.minimum), number(schema.maximum)];
  const from = least ?? under;
  const to = most ?? over;
  const step =
    number(schema.multipleOf) ??
    (integer ? 1 : from !== null && to !== null ? niceStep(to - from) : 0.1);
  return {
    kind: "number",
    integer,
    min: least ?? (under === null ? null : round(under + step)),
    max: most ?? (over === null ? null : round(over - step)),
    step,
  };
}

/** About two hundred stops over the range: 20 → 0.1, 1 → 0.01. */
function niceStep(range: number): number {
  if (!(range > 0)) return 0.1;
  const power = 10 ** Math.floor(Math.log10(range / 100));
  return round(Math.min(power, 1));
}

/** What is wrong with a value, in words; null when the model will take it. */
export function problemWith(parameter: Parameter, value: unknown): string | null {
  if (value === undefined || value === null || value === "")
    return parameter.optional || value === undefined ? null : "Enter a value.";
  switch (parameter.kind) {
    case "number": {
      if (typeof value !== "number" || !Number.isFinite(value)) return "Enter a number.";
      const { min, max, integer } = parameter;
      if (integer && !Number.isInteger(value)) return "Enter a whole number.";
      if ((min !== null && value < min) || (max !== null && value > max)) return bounds(min, max);
      return null;
    }
    case "choice":
      return parameter.values.includes(value as string) ? null : "Choose one of the list.";
    case "switch":
      return typeof value === "boolean" ? null : "Switch it on or off.";
    case "text":
      if (typeof value !== "string") return "Enter a text.";
      return parameter.longest !== null && value.length > parameter.longest
        ? `Use at most ${parameter.longest} characters.`
        : null;
    case "json":
      return typeof value === "string" ? "Write it as JSON." : null;
  }
}

function bounds(min: number | null, max: number | null): string {
  if (min === null) return `Enter at most ${max}.`;
  if (max === null) return `Enter at least ${min}.`;
  return `Enter ${min} to ${max}.`;
}

/** "guidance_scale" → "Guidance scale", "digital-art" → "Digital art". */
export function words(name: string): string {
  const plain = name.replaceAll(/[_-]+/g, " ").trim();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Follows references and takes the null out of "this or null". */
function resolve(schema: Schema, root: Schema): { schema: Schema; nullable: boolean } {
  const target = text(schema.$ref)?.match(/^#\/\$defs\/(.+)$/)?.[1];
  if (target) {
    const { $ref: _, ...rest } = schema;
    return resolve({ ...record(record(root.$defs)[target]), ...rest }, root);
  }
  const parts = [schema.anyOf, schema.oneOf, schema.allOf].find(Array.isArray)?.map(record);
  if (!parts) return { schema, nullable: false };
  const solid = parts.filter((part: Schema) => part.type !== "null");
  const { anyOf: _any, oneOf: _one, allOf: _all, ...rest } = schema;
  const inner =
    solid.length === 1 ? resolve(solid[0] ?? {}, root) : { schema: {}, nullable: false };
  return {
    schema: { ...inner.schema, ...rest },
    nullable: inner.nullable || solid.length < parts.length,
  };
}

const record = (value: unknown): Schema =>
  typeof value === "object" && value !== null ? (value as Schema) : {};
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : null);
const round = (value: number) => Number(value.toPrecision(12));
