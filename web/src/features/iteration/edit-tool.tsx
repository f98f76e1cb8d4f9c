import { FlipHorizontal2, FlipVertical2, RotateCcw, RotateCw } from "lucide-react";
import { useState } from "react";
import { words } from "@/features/catalogue/schema-fields";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Select } from "@/ui/select";
import { Slider } from "@/ui/slider";
import {
  type Adjust,
  boxOf,
  flipped,
  stepsOf,
  TONES,
  turned,
  turnedSize,
  UNTOUCHED,
} from "./adjust";
import { EditPreview } from "./edit-preview";
import type { ToolProps } from "./tools";

const RATIOS = ["free", "1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16"] as const;
type Shape = (typeof RATIOS)[number];

/** Crop, turn, mirror, light and colour. The picture gets a new version, and keeps the earlier ones. */
export function EditTool({ image, begin, onClose }: ToolProps) {
  const [adjust, setAdjust] = useState<Adjust>(UNTOUCHED);
  const [shape, setShape] = useState<Shape>("free");
  const [wrong, setWrong] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const ratio = ratioOf(shape);
  const steps = stepsOf(image, adjust);
  const change = (next: Adjust) => {
    setWrong(null);
    setAdjust(next);
  };
  const choose = (next: Shape) => {
    setShape(next);
    const wanted = ratioOf(next);
    if (wanted) change({ ...adjust, crop: boxOf(turnedSize(image, adjust), wanted) });
  };
  const turn = (way: 1 | -1) => {
    // A shape on its side is another shape.
    setShape("free");
    change(turned(image, adjust, way));
  };
  const apply = async () => {
    setWorking(true);
    try {
      await begin({ operation: "edit", body: { steps } });
      onClose();
    } catch (error) {
      setWrong(reasonOf(error));
      setWorking(false);
    }
  };
  const reset = () => {
    setShape("free");
    change(UNTOUCHED);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Edit the picture"
        description="It gets a new version; the earlier ones stay."
        className="w-[min(64rem,calc(100vw-2rem))]"
        footer={
          <>
            <Button
              variant="ghost"
              disabled={steps.length === 0}
              onClick={reset}
              className="mr-auto"
            >
              Reset
            </Button>
            <Button variant="secondary" onClick={onClose}>
              Cancel
            </Button>
            <Button
              working={working && "Applying…"}
              disabled={steps.length === 0}
              onClick={() => void apply()}
            >
              Apply
            </Button>
          </>
        }
      >
        <div className="grid gap-5 lg:grid-cols-[1fr_18rem]">
          <EditPreview
            image={image}
            adjust={adjust}
            ratio={ratio}
            onCrop={(crop) => change({ ...adjust, crop })}
          />
          <div className="grid content-start gap-4">
            {wrong ? (
              <Alert kind="error" title="It was not applied">
                {wrong}
              </Alert>
            ) : null}
            <div className="grid grid-cols-4 gap-2">
              <Turn label="Turn left" icon={RotateCcw} onClick={() => turn(-1)} />
              <Turn label="Turn right" icon={RotateCw} onClick={() => turn(1)} />
              <Turn
                label="Mirror left and right"
                icon={FlipHorizontal2}
                onClick={() => change(flipped(image, adjust, "horizontal"))}
              />
              <Turn
                label="Mirror above and below"
                icon={FlipVertical2}
                onClick={() => change(flipped(image, adjust, "vertical"))}
              />
            </div>
            <Field label="Shape of the crop">
              {(control) => (
                <Select
                  {...control}
                  options={RATIOS.map((value) => ({
                    value,
                    label: value === "free" ? "Any" : value,
                  }))}
                  value={shape}
                  onChange={choose}
                />
              )}
            </Field>
            <Amount
              label="Straighten"
              unit="°"
              most={45}
              value={adjust.straighten}
              onChange={(straighten) => {
                setShape("free");
                change({ ...adjust, straighten, crop: null });
              }}
            />
            {TONES.map((tone) => (
              <Amount
                key={tone}
                label={words(tone)}
                unit=""
                most={100}
                value={Math.round(adjust[tone] * 100)}
                onChange={(percent) => change({ ...adjust, [tone]: percent / 100 })}
              />
            ))}
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}

function ratioOf(shape: Shape): number | null {
  const [wide, high] = shape.split(":").map(Number);
  return wide && high ? wide / high : null;
}

type TurnProps = { label: string; icon: typeof RotateCw; onClick: () => void };

function Turn({ label, icon: Icon, onClick }: TurnProps) {
  return (
    <Button variant="secondary" aria-label={label} title={label} onClick={onClick} className="px-0">
      <Icon aria-hidden />
    </Button>
  );
}

type AmountProps = {
  label: string;
  unit: string;
  most: number;
  value: number;
  onChange: (value: number) => void;
};

function Amount({ label, unit, most, value, onChange }: AmountProps) {
  return (
    <Field
      label={label}
      aside={
        <output className="font-mono text-xs tabular-nums">
          {value}
          {unit}
        </output>
      }
    >
      {(control) => (
        <Slider {...control} min={-most} max={most} value={value} onChange={onChange} />
      )}
    </Field>
  );
}
