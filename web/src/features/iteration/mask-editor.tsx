import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState, useSyncExternalStore } from "react";
import { listMasksQueryKey } from "@/api/@tanstack/react-query.gen";
import { inpaintImage } from "@/api/sdk.gen";
import type { ImageOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { useShortcuts } from "@/lib/shortcuts";
import { notify } from "@/ui/notify";
import { Skeleton } from "@/ui/skeleton";
import { EarlierMasks, pixelsOf } from "./mask-earlier";
import { useMaking } from "./mask-making";
import { MakePanel, useAbleModels } from "./mask-panel";
import type { Point } from "./mask-pixels";
import { MaskSession } from "./mask-session";
import { MaskStage, type StageHandle } from "./mask-stage";
import { MaskToolbar } from "./mask-toolbar";
import { INITIAL, resized, type ToolSettings } from "./mask-tools";
import { useRestedPrice } from "./price";

const BeforeAfter = lazy(() =>
  import("./mask-result").then((module) => ({ default: module.BeforeAfter })),
);

/** Paint over a part of a picture, say what should be there, and have it made anew. */
export function MaskEditor({ image }: { image: ImageOut }) {
  const client = useQueryClient();
  const [session] = useState(() => new MaskSession(image.width, image.height));
  const state = useSyncExternalStore(session.watch, session.state);
  const [settings, setSettings] = useState<ToolSettings>(INITIAL);
  const [prompt, setPrompt] = useState("");
  const stage = useRef<StageHandle>(null);
  const seen = useRef<{ url: string; pixels: Uint8ClampedArray<ArrayBuffer> } | null>(null);
  const models = useAbleModels("inpaint", image.model);
  const making = useMaking();
  const price = useRestedPrice(image.id, models.model, { operation: "inpaint" });
  const change = (part: Partial<ToolSettings>) => setSettings((now) => ({ ...now, ...part }));
  const editing = !making.result;

  useShortcuts(
    editing
      ? {
          "[": () => setSettings((now) => ({ ...now, size: resized(now.size, -1) })),
          "]": () => setSettings((now) => ({ ...now, size: resized(now.size, 1) })),
          z: (event) => (event.shiftKey ? session.redo() : session.undo()),
          "mod+z": session.undo,
          "mod+shift+z": session.redo,
          e: () => setSettings((now) => ({ ...now, erase: !now.erase })),
          "+": () => stage.current?.zoom(1.4),
          "-": () => stage.current?.zoom(1 / 1.4),
          "0": () => stage.current?.fit(),
        }
      : {},
  );

  const select = async (picture: HTMLImageElement, at: Point) => {
    try {
      if (seen.current?.url !== image.url) {
        const pixels = pixelsOf(picture, image.width, image.height);
        seen.current = { url: image.url, pixels };
      }
      await session.select(seen.current.pixels, at, settings.tolerance, settings.erase);
    } catch (error) {
      tell("Nothing was selected", error);
    }
  };
  const feather = (radius: number) =>
    void session.feather(radius).catch((error) => tell("The mask was not feathered", error));
  const submit = () => {
    const { model } = models;
    if (!model) return;
    const body = { prompt: prompt.trim(), model: model.id, mask: session.toDataUrl() };
    const path = { id: image.id };
    void making.submit(JSON.stringify(body), async (headers) => {
      const { data } = await inpaintImage({ path, body, headers, throwOnError: true });
      void client.invalidateQueries({ queryKey: listMasksQueryKey({ path }) });
      return data;
    });
  };
  const missing = state.empty
    ? "Paint over what is to change."
    : prompt.trim() === ""
      ? "Write what should be there."
      : null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] lg:h-[calc(100dvh-3.5rem)] lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col lg:h-full lg:min-h-0">
        {making.result ? (
          <Suspense fallback={<Skeleton className="size-full" />}>
            <BeforeAfter before={image} after={making.result} onAgain={making.leave} />
          </Suspense>
        ) : (
          <>
            <MaskToolbar
              session={session}
              state={state}
              settings={settings}
              onSettings={change}
              stage={() => stage.current}
              onFeather={feather}
            />
            <div className="h-[55dvh] lg:h-auto lg:min-h-0 lg:flex-1">
              <MaskStage
                image={image}
                session={session}
                settings={settings}
                onSelect={(picture, at) => void select(picture, at)}
                handle={stage}
              />
            </div>
          </>
        )}
      </div>
      <div className="border-t lg:overflow-y-auto lg:border-t-0 lg:border-l">
        <MakePanel
          image={image}
          title="Change a part"
          promptHelp="What should be in the painted place. The rest stays as it is."
          prompt={prompt}
          onPrompt={setPrompt}
          models={models}
          price={price}
          making={making}
          missing={missing}
          submitName="Make it anew"
          onSubmit={submit}
        >
          <EarlierMasks
            image={image}
            onTake={(data) => {
              making.leave();
              session.replace(data);
            }}
          />
        </MakePanel>
      </div>
    </div>
  );
}

function tell(title: string, error: unknown) {
  notify({ kind: "error", title, description: reasonOf(error) });
}
