import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { NumberField } from "@/ui/number-field";
import { Select } from "@/ui/select";
import { Slider } from "@/ui/slider";
import { Switch } from "@/ui/switch";
import { Textarea } from "@/ui/textarea";
import type { NumberParameter, Parameter } from "./schema-fields";
import { words } from "./schema-fields";

type ParameterControlProps = {
  parameter: Parameter;
  value: unknown;
  /** undefined goes back to what the model has by itself. */
  onChange: (value: unknown) => void;
  error?: string | undefined;
};

/** One parameter of a model, in the control that its schema asks for. */
export function ParameterControl(props: ParameterControlProps) {
  const { parameter, value, onChange, error } = props;
  const { label, help, initial } = parameter;
  const changed = JSON.stringify(value) !== JSON.stringify(initial);
  return (
    <Field
      label={label}
      help={help || undefined}
      error={error}
      aside={
        changed ? (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Reset ${label}`}
            title={`Reset to ${told(initial)}`}
            onClick={() => onChange(undefined)}
            className="-my-2 text-muted-foreground"
          >
            <RotateCcw aria-hidden />
          </Button>
        ) : null
      }
    >
      {(control) => <Control {...props} control={control} />}
    </Field>
  );
}

type ControlProps = ParameterControlProps & {
  control: { id: string; "aria-invalid": true | undefined; "aria-describedby": string | undefined };
};

function Control({ parameter, value, onChange, control }: ControlProps) {
  switch (parameter.kind) {
    case "number":
      return (
        <NumberControl
          parameter={parameter}
          value={typeof value === "number" ? value : null}
          onChange={onChange}
          control={control}
        />
      );
    case "choice": {
      const options = parameter.values.map((each) => ({
        value: String(each),
        label: words(String(each)),
      }));
      const none =
        parameter.optional || value === undefined ? [{ value: "", label: "Automatic" }] : [];
      return (
        <Select
          {...control}
          options={[...none, ...options]}
          value={value === undefined || value === null ? "" : String(value)}
          onChange={(text) => onChange(parameter.values.find((each) => String(each) === text))}
        />
      );
    }
    case "switch":
      return <Switch {...control} checked={value === true} onChange={onChange} />;
    case "text":
      return (
        <Input
          {...control}
          value={typeof value === "string" ? value : ""}
          maxLength={parameter.longest ?? undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "json":
      return <JsonControl value={value} onChange={onChange} control={control} />;
  }
}

type NumberControlProps = Pick<ControlProps, "control" | "onChange"> & {
  parameter: NumberParameter;
  value: number | null;
};

function NumberControl({ parameter, value, onChange, control }: NumberControlProps) {
  const { min, max, step, label } = parameter;
  const set = (next: number | null) =>
    onChange(next === null && parameter.optional ? undefined : next);
  const slides = min !== null && max !== null;
  return (
    <div className="flex items-center gap-3">
      {slides ? (
        <Slider
          aria-label={`${label}, slider`}
          min={min}
          max={max}
          step={step}
          value={value ?? min}
          onChange={set}
          className="min-w-0 flex-1"
        />
      ) : null}
      <NumberField
        {...control}
        min={min ?? undefined}
        max={max ?? undefined}
        step={step}
        value={value}
        onChange={set}
        className={slides ? "w-22 shrink-0" : ""}
      />
    </div>
  );
}

function JsonControl({ value, onChange, control }: Omit<ControlProps, "parameter">) {
  const [text, setText] = useState(() => (value === undefined ? "" : told(value)));
  const take = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() === "" ? undefined : JSON.parse(next));
    } catch {
      onChange(next);
    }
  };
  return (
    <Textarea
      {...control}
      rows={2}
      spellCheck={false}
      value={value === undefined ? "" : text}
      onChange={(event) => take(event.target.value)}
      className="font-mono"
    />
  );
}

function told(value: unknown): string {
  if (value === undefined || value === null) return "automatic";
  return typeof value === "string" ? value : JSON.stringify(value);
}
