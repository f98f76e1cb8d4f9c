import type { ModelOut } from "@/api/types.gen";
import { Card } from "@/ui/card";
import { type Parameter, parametersOf } from "./schema-fields";

/** What a model takes, and what suits it. */
export function ModelParameters({ model }: { model: ModelOut }) {
  const parameters = parametersOf(model);
  const { sizes, recommended } = model;
  const recommends = parameters.some((parameter) => parameter.name in recommended);
  return (
    <Card className="grid gap-4 p-4 sm:p-6">
      <h2 className="text-lg">Settings</h2>
      <p className="text-sm text-muted-foreground">
        {`${sizesText(sizes)} Up to ${model.max_images} pictures at once, as ${model.formats.join(", ")}.`}
      </p>
      {parameters.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <section className="overflow-x-auto" aria-label="Parameters" tabIndex={0}>
          <table className="w-full min-w-lg text-sm">
            <thead className="border-b text-left text-muted-foreground">
              <tr>
                {["Parameter", "Takes", "Default", ...(recommends ? ["Recommended"] : [])].map(
                  (name) => (
                    <th key={name} scope="col" className="py-2 pr-4 font-medium">
                      {name}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody className="divide-y">
              {parameters.map((parameter) => (
                <tr key={parameter.name}>
                  <th scope="row" className="max-w-72 py-2 pr-4 text-left align-top font-normal">
                    <span className="font-medium">{parameter.label}</span>{" "}
                    <code className="text-xs text-muted-foreground">{parameter.name}</code>
                    <span className="block text-xs text-pretty text-muted-foreground">
                      {parameter.help}
                    </span>
                  </th>
                  <td className="max-w-64 py-2 pr-4 align-top">{takes(parameter)}</td>
                  <td className="py-2 pr-4 align-top">{valueText(parameter.initial)}</td>
                  {recommends ? (
                    <td className="py-2 align-top">{valueText(recommended[parameter.name])}</td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </Card>
  );
}

function sizesText({ only, minimum, maximum, default: usual }: ModelOut["sizes"]): string {
  const range =
    only.length > 0
      ? only.map((size) => size.join(" × ")).join(", ")
      : `${minimum} to ${maximum} pixels a side`;
  return `Sizes: ${range}; best at ${usual.join(" × ")}.`;
}

function takes(parameter: Parameter): string {
  switch (parameter.kind) {
    case "number":
      return parameter.min !== null && parameter.max !== null
        ? `${parameter.min} to ${parameter.max}`
        : "A number";
    case "choice":
      return parameter.values.join(", ");
    case "switch":
      return "On or off";
    case "text":
      return "Text";
    case "json":
      return "JSON";
  }
}

function valueText(value: unknown): string {
  if (value === undefined || value === null || value === "") return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
