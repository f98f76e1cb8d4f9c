import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  changeModelMutation,
  getModelQueryKey,
  listModelsQueryKey,
  toggleModelMutation,
} from "@/api/@tanstack/react-query.gen";
import type { ModelChangeIn, ModelOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Field } from "@/ui/field";
import { notify } from "@/ui/notify";
import { NumberField } from "@/ui/number-field";
import { Switch } from "@/ui/switch";
import { creditsText } from "./models";

/** What administrators set of a model, for everyone. */
export function ModelAdministration({ model }: { model: ModelOut }) {
  const path = { id: model.id };
  const [asking, ask] = useState(false);
  const client = useQueryClient();
  const settled = {
    onSuccess: (changed: ModelOut) => {
      client.setQueryData(getModelQueryKey({ path }), changed);
      void client.invalidateQueries({ queryKey: listModelsQueryKey() });
    },
    onError: (error: unknown) =>
      notify({ kind: "error", title: "It was not changed", description: reasonOf(error) }),
  };
  const toggle = useMutation({ ...toggleModelMutation(), ...settled });
  const change = useMutation({ ...changeModelMutation(), ...settled });
  const switchTo = async (active: boolean) => {
    await toggle.mutateAsync({ path, body: { active } }).then(
      () => notify({ kind: "success", title: `${model.name} is ${active ? "on" : "off"}` }),
      () => undefined,
    );
    ask(false);
  };
  /** Changes at once, with a way back. */
  const apply = (title: string, body: ModelChangeIn, before: ModelChangeIn) =>
    change.mutate(
      { path, body },
      {
        onSuccess: () =>
          notify({
            kind: "success",
            title,
            action: { label: "Undo", run: () => change.mutate({ path, body: before }) },
          }),
      },
    );
  return (
    <Card className="grid gap-5 p-4 sm:p-6">
      <div>
        <h2 className="text-lg">Administration</h2>
        <p className="mt-1 text-sm text-muted-foreground">For everyone in this studio, at once.</p>
      </div>
      <Row label="Active" help="Off, nobody can use it; what waits in the queue is still made.">
        <Switch
          aria-label="Active"
          checked={model.active}
          disabled={toggle.isPending}
          onChange={(active) => (active ? void switchTo(true) : ask(true))}
        />
      </Row>
      <Row label="Featured" help="Shown before the others.">
        <Switch
          aria-label="Featured"
          checked={model.featured}
          disabled={change.isPending}
          onChange={(featured) =>
            apply(
              featured ? "Featured" : "Not featured any more",
              { featured },
              { featured: model.featured },
            )
          }
        />
      </Row>
      <PriceForm
        key={model.cost.credits}
        model={model}
        working={change.isPending}
        onPrice={(price) =>
          apply(
            "Price changed",
            { price },
            { price: model.cost.declared_credits === null ? null : model.cost.credits },
          )
        }
      />
      <Confirm
        open={asking}
        onOpenChange={ask}
        title={`Switch ${model.name} off?`}
        action="Switch off"
        working={toggle.isPending && "Switching off…"}
        onConfirm={() => void switchTo(false)}
      >
        Requests for it are refused from now on, until you switch it on again.
      </Confirm>
    </Card>
  );
}

type RowProps = { label: string; help: string; children: React.ReactNode };

function Row({ label, help, children }: RowProps) {
  return (
    <div className="flex items-center justify-between gap-4">
      <span className="text-sm">
        <span className="font-medium">{label}</span>
        <span className="block text-muted-foreground">{help}</span>
      </span>
      {children}
    </div>
  );
}

type PriceFormProps = {
  model: ModelOut;
  working: boolean;
  onPrice: (price: number | null) => void;
};

function PriceForm({ model: { cost }, working, onPrice }: PriceFormProps) {
  const [price, setPrice] = useState<number | null>(cost.credits);
  const wrong = price === null || price < 0 || price > 1_000_000;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) onPrice(price);
  };
  const unit = cost.unit === "image" ? "picture" : cost.unit;
  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-3" aria-label="Price">
      <Field
        label={`Credits per ${unit}`}
        help={
          cost.declared_credits === null
            ? "As its provider declares; a price of yours takes its place, whatever quality and size."
            : `Your price. Its provider declares: ${creditsText(cost.declared_credits)}.`
        }
        error={wrong ? "Enter a number from 0 on." : undefined}
      >
        {(control) => (
          <NumberField {...control} min={0} step="any" value={price} onChange={setPrice} />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Button
          type="submit"
          disabled={wrong || price === cost.credits}
          working={working && "Saving…"}
        >
          Save price
        </Button>
        {cost.declared_credits === null ? null : (
          <Button variant="secondary" onClick={() => onPrice(null)}>
            Use the declared price
          </Button>
        )}
      </div>
    </form>
  );
}
