import { useForm } from "react-hook-form";
import type { CollectionOut } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { Textarea } from "@/ui/textarea";
import { ToggleGroup } from "@/ui/toggle-group";
import { useCollectionActions } from "./collections";
import { SmartFields } from "./smart-fields";
import { filterOf, formOf, type SmartForm } from "./smart-filter";

export type CollectionForm = {
  name: string;
  description: string;
  kind: "hand" | "smart";
  smart: SmartForm;
};

type CollectionDialogProps = {
  /** The one to change; absent, a new one. */
  collection?: CollectionOut;
  onClose: () => void;
  onDone?: (collection: CollectionOut) => void;
};

/** Begins a collection, by hand or smart, or changes what is said of one. */
export function CollectionDialog({ collection, onClose, onDone }: CollectionDialogProps) {
  const { create, update } = useCollectionActions();
  const form = useForm<CollectionForm>({
    defaultValues: {
      name: collection?.name ?? "",
      description: collection?.description ?? "",
      kind: collection?.filter ? "smart" : "hand",
      smart: formOf(collection?.filter),
    },
  });
  const { register, handleSubmit, setError, setValue, watch, formState } = form;
  const { errors } = formState;
  const kind = watch("kind");
  const submit = handleSubmit(async ({ name, description, smart }) => {
    const filter = kind === "smart" ? { filter: filterOf(smart, collection?.filter) } : {};
    const body = { name, description, ...filter };
    try {
      const done = collection
        ? await update.mutateAsync({ path: { id: collection.id }, body })
        : await create.mutateAsync({ body });
      onClose();
      onDone?.(done);
    } catch (error) {
      showProblem(error, ["name", "description"], setError);
    }
  });
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent title={collection ? "Edit the collection" : "New collection"}>
        <form onSubmit={submit} noValidate className="grid gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          {collection ? null : (
            <ToggleGroup
              aria-label="Kind of collection"
              choices={[
                { value: "hand", label: "By hand" },
                { value: "smart", label: "Smart" },
              ]}
              value={kind}
              onChange={(next) => setValue("kind", next)}
              className="justify-self-start"
            />
          )}
          <Field label="Name" error={errors.name?.message}>
            {(field) => (
              <Input
                {...field}
                {...register("name", {
                  validate: (value) => value.trim() !== "" || "Enter a name.",
                  maxLength: { value: 100, message: "Use at most 100 characters." },
                })}
                autoComplete="off"
                dir="auto"
              />
            )}
          </Field>
          <Field label="Description" error={errors.description?.message}>
            {(field) => (
              <Textarea
                {...field}
                {...register("description", {
                  maxLength: { value: 2000, message: "Use at most 2,000 characters." },
                })}
                rows={2}
                dir="auto"
              />
            )}
          </Field>
          {kind === "smart" ? <SmartFields form={form} /> : null}
          <Button
            type="submit"
            className="justify-self-end"
            working={formState.isSubmitting && "Saving…"}
          >
            {collection ? "Save" : "Create collection"}
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}
