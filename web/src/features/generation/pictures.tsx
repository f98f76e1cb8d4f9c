import { useState } from "react";
import type { GenerationOut } from "@/api/types.gen";
import { isRunning } from "./feed";
import { layOut, slotOf } from "./picture-layout";
import { ResultPicture } from "./result-picture";

type PicturesProps = {
  generation: GenerationOut;
  onUseSettings: ((index: number) => void) | null;
};

/** The pictures of one generation in the places they will stay in; before they are there, what is seen of them. */
export function Pictures({ generation, onUseSettings }: PicturesProps) {
  const { images, num_images, parameters, progress } = generation;
  const previews = usePreviews(generation);
  const running = isRunning(generation);
  const [first] = images;
  const width = first?.width ?? Number(parameters.width ?? 1);
  const height = first?.height ?? Number(parameters.height ?? 1);
  const count = running ? num_images : images.length;
  if (count === 0) return null;
  const { few, many, widest } = layOut(width / height, count);
  return (
    <ul
      className="grid grid-cols-[repeat(var(--few),minmax(0,1fr))] gap-2 sm:grid-cols-[repeat(var(--many),minmax(0,1fr))] sm:gap-3"
      style={{ "--few": few, "--many": many, maxWidth: `${widest}rem` } as React.CSSProperties}
    >
      {Array.from({ length: count }, (_, index) => {
        const image = images[index];
        const preview = previews[index];
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a place keeps what was seen in it until its picture is there.
            key={index}
            data-image={image?.id}
            style={{ aspectRatio: `${width} / ${height}` }}
            className={slotStyle}
          >
            {preview ? <Preview url={preview} /> : null}
            {image ? (
              <ResultPicture
                key={image.id}
                image={image}
                columns={many}
                onUseSettings={onUseSettings && (() => onUseSettings(index))}
              />
            ) : running && !preview ? (
              <Waiting active={slotOf(progress, num_images) === index} />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

const slotStyle = "group relative overflow-hidden rounded-xl border bg-muted shadow-card";

function Waiting({ active }: { active: boolean }) {
  return active ? (
    <span aria-hidden className="absolute inset-0 animate-pulse bg-primary-soft" />
  ) : null;
}

/** The newest state of a picture underway. The browser shows the last one until the next is there. */
function Preview({ url }: { url: string }) {
  const [lost, setLost] = useState<string | null>(null);
  if (lost === url) return null;
  return (
    <img
      src={url}
      alt=""
      decoding="sync"
      onError={() => setLost(url)}
      className="absolute inset-0 size-full object-cover"
    />
  );
}

/** The last preview seen in each place. */
function usePreviews(generation: GenerationOut): readonly (string | undefined)[] {
  const { progress, num_images } = generation;
  const [seen, setSeen] = useState<readonly (string | undefined)[]>([]);
  const [newest, setNewest] = useState<string | null>(null);
  const now = isRunning(generation) ? (progress.preview_url ?? null) : newest;
  if (now !== newest) {
    setNewest(now);
    if (now) setSeen((before) => placed(before, slotOf(progress, num_images), now));
    else setSeen([]);
  }
  return seen;
}

function placed(before: readonly (string | undefined)[], index: number, url: string) {
  const after = [...before];
  after[index] = url;
  return after;
}
