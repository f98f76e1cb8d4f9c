import { useId, useLayoutEffect, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { type Adjust, turnedSize } from "./adjust";
import { CropFrame } from "./crop-frame";

type EditPreviewProps = {
  image: ImageOut;
  adjust: Adjust;
  ratio: number | null;
  onCrop: (crop: NonNullable<Adjust["crop"]>) => void;
};

/** The picture as the edits would leave it, drawn by the browser: the filter is the server's own arithmetic. */
export function EditPreview({ image, adjust, ratio, onCrop }: EditPreviewProps) {
  const filter = useId();
  const stage = useRef<HTMLDivElement>(null);
  const [across, setAcross] = useState(0);
  const room = turnedSize(image, adjust);
  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setAcross(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const degrees = adjust.quarters * 90 + adjust.straighten;
  const flip = `scale(${adjust.flipX ? -1 : 1}, ${adjust.flipY ? -1 : 1})`;
  return (
    <div className="grid place-items-center rounded-xl border bg-subtle p-4">
      <Tones id={filter} adjust={adjust} scale={across / room.width} side={sideOf(adjust, room)} />
      <div
        ref={stage}
        className="relative"
        style={{
          width: `min(100%, ${((50 * room.width) / room.height).toFixed(3)}dvh)`,
          aspectRatio: `${room.width} / ${room.height}`,
        }}
      >
        <div className="absolute inset-0 overflow-hidden">
          <img
            src={image.rendered ? (image.thumbnails["1024"] ?? image.url) : image.url}
            alt={image.alt_text}
            draggable={false}
            className="absolute top-1/2 left-1/2 max-w-none"
            style={{
              width: `${(100 * image.width) / room.width}%`,
              height: `${(100 * image.height) / room.height}%`,
              filter: `url("#${filter}")`,
              transform: `translate(-50%, -50%) rotate(${degrees}deg) ${flip}`,
            }}
          />
        </div>
        <CropFrame
          room={room}
          box={adjust.crop ?? { x: 0, y: 0, ...room }}
          ratio={ratio}
          onChange={onCrop}
        />
      </div>
    </div>
  );
}

function sideOf({ crop }: Adjust, room: { width: number; height: number }): number {
  const { width, height } = crop ?? room;
  return Math.min(width, height);
}

type TonesProps = { id: string; adjust: Adjust; scale: number; side: number };

/** Brightness as a curve, contrast as a slope, saturation as a matrix, sharpness as an unsharp mask. */
function Tones({ id, adjust, scale, side }: TonesProps) {
  const { brightness, contrast, saturation, sharpness } = adjust;
  const slope = contrast > 0 ? 1 + 1.5 * contrast : 1 + contrast;
  const intercept = (128 / 255) * (1 - slope);
  const factor = 1 + (saturation > 0 ? 2 * saturation : saturation);
  const grey = [0.299, 0.587, 0.114].map((weight) => weight * (1 - factor));
  const rows = [0, 1, 2].map((row) =>
    [...grey.map((weight, column) => weight + (row === column ? factor : 0)), 0, 0].join(" "),
  );
  const sigma = sharpness < 0 ? -sharpness * Math.max(1, side / 100) : 1.2;
  const force = 2 * sharpness;
  const bands = ["R", "G", "B"] as const;
  const Band = { R: "feFuncR", G: "feFuncG", B: "feFuncB" } as const;
  return (
    <svg aria-hidden="true" className="absolute size-0">
      <filter id={id} colorInterpolationFilters="sRGB" x="0" y="0" width="1" height="1">
        <feComponentTransfer>
          {bands.map((band) => {
            const Curve = Band[band];
            return <Curve key={band} type="gamma" exponent={3 ** -brightness} />;
          })}
        </feComponentTransfer>
        <feComponentTransfer>
          {bands.map((band) => {
            const Line = Band[band];
            return <Line key={band} type="linear" slope={slope} intercept={intercept} />;
          })}
        </feComponentTransfer>
        <feColorMatrix type="matrix" values={`${rows.join(" ")} 0 0 0 1 0`} result="toned" />
        {sharpness === 0 ? null : <feGaussianBlur stdDeviation={sigma * scale} result="soft" />}
        {sharpness > 0 ? (
          <feComposite in="toned" in2="soft" operator="arithmetic" k2={1 + force} k3={-force} />
        ) : null}
      </filter>
    </svg>
  );
}
