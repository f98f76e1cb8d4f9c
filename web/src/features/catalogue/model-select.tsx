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
  if (options.length <= AT_A_GLANCE) return <RichSelect {...props} options={options} />;
  return (
    <SearchSelect
      {...props}
      options={options}
      search="Search the models"
      empty="No model is called that."
    />
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
