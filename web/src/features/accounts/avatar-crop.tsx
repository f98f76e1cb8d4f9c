import { type PointerEvent, type Ref, useId, useRef, useState } from "react";
import { Label } from "@/ui/field";
import { Slider } from "@/ui/slider";
import { CLOSEST, type Crop, room, type Size, squareOf, within } from "./crop";

const VIEW = 256; // CSS pixels, as size-64 says

type AvatarCropProps = {
  ref: Ref<HTMLImageElement>;
  url: string | undefined;
  crop: Crop | undefined;
  onLoad: (size: Size) => void;
  onCrop: (crop: Crop) => void;
  onError: () => void;
};

/** The picture behind a round window: dragged with a pointer, or moved by the sliders below. */
export function AvatarCrop({ ref, url, crop, onLoad, onCrop, onError }: AvatarCropProps) {
  const [size, setSize] = useState<Size>();
  const drag = useRef<{ x: number; y: number; crop: Crop }>(undefined);
  const square = size && crop ? squareOf(size, crop) : undefined;
  const scale = square ? VIEW / square.side : 0;

  const begin = (event: PointerEvent<HTMLDivElement>) => {
    if (!crop) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, crop };
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const from = drag.current;
    if (!from || !size) return;
    const x = from.crop.x - (event.clientX - from.x) / scale;
    const y = from.crop.y - (event.clientY - from.y) / scale;
    onCrop(within(size, { ...from.crop, x, y }));
  };
  const end = () => {
    drag.current = undefined;
  };

  return (
    <div className="grid gap-4">
      <div
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        className="relative mx-auto size-64 cursor-grab touch-none overflow-hidden rounded-full border bg-muted active:cursor-grabbing"
      >
        {url ? (
          <img
            ref={ref}
            src={url}
            alt="What others will see"
            draggable={false}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
              setSize({ width, height });
              onLoad({ width, height });
            }}
            onError={onError}
            className="absolute top-0 left-0 max-w-none origin-top-left select-none"
            style={
              square && size
                ? {
                    width: size.width * scale,
                    height: size.height * scale,
                    translate: `${-square.left * scale}px ${-square.top * scale}px`,
                  }
                : { visibility: "hidden" }
            }
          />
        ) : null}
      </div>
      {size && crop && square ? (
        <div className="grid gap-3">
          <Way
            label="Zoom"
            value={crop.zoom}
            range={[1, CLOSEST]}
            onChange={(zoom) => onCrop(within(size, { ...crop, zoom }))}
          />
          <Way
            label="Left and right"
            value={crop.x}
            range={room(size.width, square.side)}
            onChange={(x) => onCrop(within(size, { ...crop, x }))}
          />
          <Way
            label="Up and down"
            value={crop.y}
            range={room(size.height, square.side)}
            onChange={(y) => onCrop(within(size, { ...crop, y }))}
          />
        </div>
      ) : null}
    </div>
  );
}

type WayProps = {
  label: string;
  value: number;
  range: [from: number, to: number];
  onChange: (value: number) => void;
};

function Way({ label, value, range: [from, to], onChange }: WayProps) {
  const id = useId();
  const length = to - from;
  return (
    <div className="grid grid-cols-[7rem_1fr] items-center gap-3">
      <Label htmlFor={id}>{label}</Label>
      <Slider
        id={id}
        min={0}
        max={100}
        step={1}
        disabled={length <= 0}
        value={length > 0 ? ((value - from) / length) * 100 : 50}
        onChange={(percent) => onChange(from + (percent / 100) * length)}
      />
    </div>
  );
}
