import {
  Blend,
  Brush,
  Eraser,
  Lasso,
  type LucideIcon,
  Minus,
  Move,
  Plus,
  Redo2,
  Scan,
  SquareDashed,
  SquareSplitHorizontal,
  Trash2,
  Undo2,
  WandSparkles,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/ui/popover";
import { Slider } from "@/ui/slider";
import { ToggleGroup } from "@/ui/toggle-group";
import type { MaskSession, MaskState } from "./mask-session";
import type { StageHandle } from "./mask-stage";
import { SIZES, type Tool, type ToolSettings } from "./mask-tools";

const TOOLS: { value: Tool; label: string; icon: LucideIcon }[] = [
  { value: "brush", label: "Brush", icon: Brush },
  { value: "rectangle", label: "Rectangle", icon: SquareDashed },
  { value: "lasso", label: "Lasso", icon: Lasso },
  { value: "select", label: "Select by colour", icon: WandSparkles },
  { value: "move", label: "Move the picture", icon: Move },
];

type MaskToolbarProps = {
  session: MaskSession;
  state: MaskState;
  settings: ToolSettings;
  onSettings: (part: Partial<ToolSettings>) => void;
  stage: () => StageHandle | null;
  onFeather: (radius: number) => void;
};

export function MaskToolbar(props: MaskToolbarProps) {
  const { session, state, settings, onSettings, stage, onFeather } = props;
  const { tool, erase } = settings;
  return (
    <div
      role="toolbar"
      aria-label="Mask tools"
      className="flex flex-wrap items-center gap-x-2 gap-y-2 border-b bg-background px-3 py-2"
    >
      <ToggleGroup
        aria-label="Tool"
        choices={TOOLS.map(({ value, label, icon: Icon }) => ({
          value,
          label,
          content: (
            <span title={label}>
              <Icon aria-hidden />
            </span>
          ),
        }))}
        value={tool}
        onChange={(next) => onSettings({ tool: next })}
        itemClassName="px-2.5"
      />
      <ToggleGroup
        aria-label="Paint or erase"
        choices={[
          { value: "paint", label: "Paint" },
          { value: "erase", label: "Erase", content: <Erasing /> },
        ]}
        value={erase ? "erase" : "paint"}
        onChange={(next) => onSettings({ erase: next === "erase" })}
        itemClassName="px-2.5"
      />
      {tool === "brush" ? (
        <>
          <Setting label="Size" value={`${settings.size} px`}>
            {(label) => (
              <Slider
                aria-label={label}
                {...SIZES}
                value={settings.size}
                onChange={(size) => onSettings({ size })}
              />
            )}
          </Setting>
          <Setting label="Hardness" value={`${settings.hardness}%`}>
            {(label) => (
              <Slider
                aria-label={label}
                min={0}
                max={100}
                value={settings.hardness}
                onChange={(hardness) => onSettings({ hardness })}
              />
            )}
          </Setting>
        </>
      ) : null}
      {tool === "select" ? (
        <Setting label="Tolerance" value={`${settings.tolerance}%`}>
          {(label) => (
            <Slider
              aria-label={label}
              min={0}
              max={100}
              value={settings.tolerance}
              onChange={(tolerance) => onSettings({ tolerance })}
            />
          )}
        </Setting>
      ) : null}
      <div className="flex items-center">
        <Icon label="Undo" icon={Undo2} onClick={session.undo} off={!state.canUndo} />
        <Icon label="Redo" icon={Redo2} onClick={session.redo} off={!state.canRedo} />
        <Icon label="Invert the mask" icon={SquareSplitHorizontal} onClick={session.invert} />
        <Feather off={state.empty || state.busy} onFeather={onFeather} />
        <Icon label="Clear the mask" icon={Trash2} onClick={session.clear} off={state.empty} />
      </div>
      <div className="flex items-center sm:ml-auto">
        <Icon label="Zoom out" icon={Minus} onClick={() => stage()?.zoom(1 / 1.4)} />
        <Icon label="Show all of it" icon={Scan} onClick={() => stage()?.fit()} />
        <Icon label="Zoom in" icon={Plus} onClick={() => stage()?.zoom(1.4)} />
      </div>
    </div>
  );
}

function Erasing() {
  return (
    <>
      <Eraser aria-hidden /> Erase
    </>
  );
}

type SettingProps = { label: string; value: string; children: (label: string) => ReactNode };

function Setting({ label, value, children }: SettingProps) {
  return (
    <div className="grid w-28 gap-0.5 xl:w-24">
      <span className="flex justify-between text-xs text-muted-foreground">
        {label} <span className="tabular-nums">{value}</span>
      </span>
      {children(label)}
    </div>
  );
}

type IconProps = { label: string; icon: LucideIcon; onClick: () => void; off?: boolean };

function Icon({ label, icon: Picture, onClick, off = false }: IconProps) {
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={label}
      title={label}
      className="lg:size-8"
      aria-disabled={off || undefined}
      onClick={() => !off && onClick()}
    >
      <Picture aria-hidden />
    </Button>
  );
}

function Feather({ off, onFeather }: { off: boolean; onFeather: (radius: number) => void }) {
  const [radius, setRadius] = useState(12);
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger
        render={
          <Button
            variant="ghost"
            size="icon"
            aria-label="Feather"
            title="Feather"
            className="lg:size-8"
          >
            <Blend aria-hidden />
          </Button>
        }
      />
      <PopoverContent title="Feather" className="grid w-64 gap-3">
        <p className="text-sm text-muted-foreground">
          Softens the mask's edge, so that the new part blends in.
        </p>
        <Setting label="Radius" value={`${radius} px`}>
          {(label) => (
            <Slider aria-label={label} min={1} max={100} value={radius} onChange={setRadius} />
          )}
        </Setting>
        <Button
          size="sm"
          aria-disabled={off || undefined}
          onClick={() => {
            if (off) return;
            onFeather(radius);
            setOpen(false);
          }}
        >
          Feather the mask
        </Button>
      </PopoverContent>
    </Popover>
  );
}
