import { Pencil, Save, Star, Trash2 } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import type { GenerationSettings, ModelOut, PresetIn, PresetOut } from "@/api/types.gen";
import { useModelName } from "@/features/catalogue/models";
import { words } from "@/features/catalogue/schema-fields";
import { sizeText } from "@/features/catalogue/sizes";
import { placeErrors } from "@/lib/form-errors";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { FieldError } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import type { Composer } from "./composer";
import { settingsOf, usePresetActions, usePresets } from "./presets";

type PresetsDialogProps = { composer: Composer; model: ModelOut; onClose: () => void };

/** All presets: rename, save over, begin with, delete. */
export function PresetsDialog({ composer, model, onClose }: PresetsDialogProps) {
  const presets = usePresets();
  const list = useRef<HTMLUListElement>(null);
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title="Presets"
        description="The star marks the one that your own new drafts begin with."
      >
        {presets.data?.length ? (
          <ul ref={list} tabIndex={-1} className="divide-y outline-none">
            {presets.data.map((preset) => (
              <PresetRow
                key={preset.id}
                preset={preset}
                settingsNow={settingsOf(composer.draft, model)}
                onGone={() => list.current?.focus()}
              />
            ))}
          </ul>
        ) : (
          <p className="text-sm text-muted-foreground">There are none any more.</p>
        )}
      </DialogContent>
    </Dialog>
  );
}

type PresetRowProps = {
  preset: PresetOut;
  settingsNow: GenerationSettings;
  /** It is deleted, and its buttons with it. */
  onGone: () => void;
};

function PresetRow({ preset, settingsNow, onGone }: PresetRowProps) {
  const { id, name, settings, is_default } = preset;
  const { create, update, remove } = usePresetActions();
  const [renaming, rename] = useState<"no" | "now" | "done">("no");
  const busy = update.isPending || remove.isPending;
  const tell = (title: string) => (error: unknown) =>
    notify({ kind: "error", title, description: reasonOf(error) });
  const put = (body: PresetIn) => update.mutateAsync({ path: { id }, body });
  const saveOver = async () => {
    await put({ name, settings: settingsNow, is_default });
    const undo = () => void put({ name, settings, is_default }).catch(tell("It was not undone"));
    notify({
      kind: "success",
      title: `${name} has the form's settings`,
      action: { label: "Undo", run: undo },
    });
  };
  const drop = async () => {
    await remove.mutateAsync({ path: { id } });
    onGone();
    const body = { name, settings, is_default };
    const undo = () =>
      void create.mutateAsync({ body }).catch(tell("It could not be brought back"));
    notify({ title: `${name} is deleted`, action: { label: "Undo", run: undo } });
  };
  if (renaming === "now")
    return (
      <RenameForm
        name={name}
        onRename={(next) => put({ name: next, settings, is_default })}
        onClose={() => rename("done")}
      />
    );
  const chosen = is_default ? "fill-current text-primary-text" : undefined;
  return (
    <li aria-label={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3">
      <div className="min-w-40 flex-1">
        <p className="truncate text-sm font-medium">{name}</p>
        <Summary settings={settings} />
      </div>
      <div className="-mr-2 flex gap-1">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Begin new drafts with it"
          aria-pressed={is_default}
          title={is_default ? "New drafts begin with it" : "Begin new drafts with it"}
          disabled={busy}
          onClick={() =>
            void put({ name, settings, is_default: !is_default }).catch(tell("It was not changed"))
          }
        >
          <Star aria-hidden className={chosen} />
        </Button>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Save the form's settings over it"
          title="Save the form's settings over it"
          disabled={busy}
          onClick={() => void saveOver().catch(tell("It was not saved"))}
        >
          <Save aria-hidden />
        </Button>
        <Button
          // After renaming the focus is where it was before.
          ref={renaming === "done" ? focus : null}
          variant="ghost"
          size="icon-sm"
          aria-label="Rename"
          title="Rename"
          onClick={() => rename("now")}
        >
          <Pencil aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Delete"
          title="Delete"
          disabled={busy}
          onClick={() => void drop().catch(tell("It was not deleted"))}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
    </li>
  );
}

function Summary({ settings }: { settings: GenerationSettings }) {
  const { model, aspect_ratio, size, width, height, num_images = 1, style, seed } = settings;
  const own = width && height ? sizeText(width, height) : size;
  const facts = [
    useModelName(model ?? ""),
    aspect_ratio ?? own,
    num_images > 1 ? formatCount(num_images, "picture") : null,
    style && style !== "auto" ? words(style) : null,
    typeof seed === "number" ? `seed ${seed}` : null,
  ];
  return (
    <p className="truncate text-xs text-muted-foreground tabular-nums">
      {facts.filter(Boolean).join(" · ")}
    </p>
  );
}

/** What was asked for is to type here. */
const selectAll = (input: HTMLInputElement | null) => input?.select();
const focus = (button: HTMLButtonElement | null) => button?.focus();

type RenameFormProps = {
  name: string;
  onRename: (name: string) => Promise<unknown>;
  onClose: () => void;
};

function RenameForm({ name, onRename, onClose }: RenameFormProps) {
  const [next, setNext] = useState(name);
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (next.trim() === "") return setFault("Enter a name.");
    try {
      if (next.trim() !== name) await onRename(next.trim());
      onClose();
    } catch (error) {
      const { fields, form } = placeErrors(error, ["name"]);
      setFault(fields[0]?.message ?? form);
    }
  };
  return (
    <li className="py-3">
      <form onSubmit={submit} noValidate className="grid gap-1.5">
        <div className="flex gap-2">
          <Input
            ref={selectAll}
            aria-label="Preset name"
            aria-invalid={fault ? true : undefined}
            maxLength={100}
            value={next}
            onChange={(event) => setNext(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.stopPropagation();
              onClose();
            }}
            className="min-w-0 flex-1"
          />
          <Button type="submit">Rename</Button>
        </div>
        {fault ? <FieldError>{fault}</FieldError> : null}
      </form>
    </li>
  );
}
