import { Link } from "@tanstack/react-router";
import type { ModelOut } from "@/api/types.gen";
import { RichSelect } from "@/ui/rich-select";
import { SearchSelect } from "@/ui/search-select";
import { downText } from "./model-facts";
import { makesPictures, priceText } from "./models";

/** So many are seen at a glance; more are searched. */
const AT_A_GLANCE = 6;

type ModelSelectProps = {
  models: readonly ModelOut[];
  value: string;
  onChange: (id: string) => void;
  id?: string;
  "aria-invalid"?: true | undefined;
  "aria-describedby"?: string | undefined;
};

/** Every model that makes pictures; those that cannot be used now say why. */
export function ModelSelect({ models, ...props }: ModelSelectProps) {
  const options = models.filter(makesPictures).map((model) => ({
    value: model.id,
    label: model.name,
    hint: <Hint model={model} />,
    disabled: !model.available,
    words: `${model.name} ${model.provider_name} ${model.id} ${model.category} ${model.best_use}`,
  }));
  const locked = models.filter((model) => makesPictures(model) && model.needs_key).length;
  return (
    <div className="grid gap-1.5">
      {options.length <= AT_A_GLANCE ? (
        <RichSelect {...props} options={options} />
      ) : (
        <SearchSelect
          {...props}
          options={options}
          search="Search the models"
          empty="No model is called that."
        />
      )}
      {locked > 0 ? (
        <Link
          to="/settings"
          search={{ tab: "providers" }}
          className="justify-self-start text-xs text-primary-text underline-offset-4 hover:underline"
        >
          {locked === 1 ? "1 more with a key" : `${locked} more with a key`}
        </Link>
      ) : null}
    </div>
  );
}

function Hint({ model }: { model: ModelOut }) {
  return (
    <span className="grid max-w-80 gap-1 pt-0.5">
      <span>{model.description}</span>
      <span className="flex flex-wrap gap-x-3 gap-y-0.5">
        <span>{model.provider_name}</span>
        <span>Speed {model.speed} of 5</span>
        <span>Quality {model.quality} of 5</span>
        <span>{priceText(model.cost)}</span>
      </span>
      {model.available ? null : (
        <span className="text-warning-text">
          {model.unavailable_reason ?? "It cannot be used at the moment."}
        </span>
      )}
      {model.available && model.down_until ? (
        <span className="text-warning-text">{downText(model)}</span>
      ) : null}
    </span>
  );
}
