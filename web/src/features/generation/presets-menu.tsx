/** The presets: take one, keep the settings as one, tend them. Loaded when someone reaches for it. */
import { Check, FilePlus2, Save, Settings2, Star } from "lucide-react";
import { type ReactElement, useState } from "react";
import type { ModelOut, PresetOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import {
  Menu,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuSeparator,
  MenuTrigger,
} from "@/ui/menu";
import { notify } from "@/ui/notify";
import type { Composer } from "./composer";
import { usePresets } from "./presets";
import { PresetsDialog } from "./presets-dialog";
import { SavePresetDialog } from "./save-preset-dialog";

type PresetsMenuProps = {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  composer: Composer;
  model: ModelOut;
  /** The one that the form stands at. */
  current: PresetOut | undefined;
};

export function PresetsMenu(props: PresetsMenuProps) {
  const { trigger, open, onOpenChange, composer, model, current } = props;
  const presets = usePresets();
  const [dialog, show] = useState<"save" | "manage" | null>(null);
  const take = (preset: PresetOut) => {
    const there = composer.models.data?.items.some(({ id }) => id === preset.settings.model);
    composer.apply(preset.settings);
    if (!there)
      notify({
        kind: "info",
        title: "Its model is not in this studio any more",
        description: `${preset.name} was taken as far as another model can.`,
      });
  };
  return (
    <>
      <Menu open={open} onOpenChange={onOpenChange}>
        <MenuTrigger render={trigger} />
        <MenuContent
          align="start"
          className="max-h-[var(--available-height)] w-80 max-w-[calc(100vw-2rem)] overflow-y-auto"
        >
          <MenuGroup>
            <MenuLabel>Presets</MenuLabel>
            {presets.data?.map((preset) => (
              <MenuItem key={preset.id} onClick={() => take(preset)}>
                <span className="min-w-0 flex-1 truncate">{preset.name}</span>
                {preset.is_default ? (
                  <Star aria-label="New drafts begin with it" className="text-muted-foreground" />
                ) : null}
                {preset.id === current?.id ? (
                  <Check aria-label="As the form stands" className="text-primary-text" />
                ) : null}
              </MenuItem>
            ))}
            {presets.data?.length ? null : (
              <p className="px-2.5 pb-2 text-sm text-muted-foreground">
                {presets.isError
                  ? `They could not be loaded. ${reasonOf(presets.error)}`
                  : presets.isPending
                    ? "Loading…"
                    : "Settings that you use again, under a name. Save the first ones below."}
              </p>
            )}
          </MenuGroup>
          <MenuSeparator />
          <MenuItem onClick={() => show("save")}>
            <Save aria-hidden />
            Save these settings…
          </MenuItem>
          {presets.data?.length ? (
            <MenuItem onClick={() => show("manage")}>
              <Settings2 aria-hidden />
              Manage presets…
            </MenuItem>
          ) : null}
          <MenuItem onClick={composer.startAfresh}>
            <FilePlus2 aria-hidden />
            Start a new draft
          </MenuItem>
        </MenuContent>
      </Menu>
      {dialog === "save" ? (
        <SavePresetDialog composer={composer} model={model} onClose={() => show(null)} />
      ) : null}
      {dialog === "manage" ? (
        <PresetsDialog composer={composer} model={model} onClose={() => show(null)} />
      ) : null}
    </>
  );
}
