import { Link, useLocation } from "@tanstack/react-router";
import { Expand, Lasso, Sparkles } from "lucide-react";
import { Suspense, useEffect, useEffectEvent, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { creditsText } from "@/features/catalogue/models";
import { useMayChange } from "@/features/workspaces/acting";
import { cn } from "@/lib/cn";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { notify } from "@/ui/notify";
import { Skeleton } from "@/ui/skeleton";
import { OperationForm } from "./operation-form";
import { usePrice } from "./price";
import { RunList } from "./run-list";
import { useBegin, useRuns } from "./runs";
import { TOOLS, type Tool } from "./tools";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The tool that a picture was opened for. */
    tool?: Tool["id"];
  }
}

type IteratePanelProps = {
  image: ImageOut;
  /** Whether something in front of the page has the keys. */
  onBusy: (busy: boolean) => void;
};

/** Everything that can be made of the picture that is shown. */
export function IteratePanel({ image, onBusy }: IteratePanelProps) {
  const mayChange = useMayChange();
  const { runs, cancel, dismiss } = useRuns(image.id);
  const begin = useBegin(image);
  const [open, setOpen] = useState<Tool | null>(null);
  const { tool: wanted, __TSR_key: visit } = useLocation({ select: ({ state }) => state });
  const openFor = useEffectEvent((id: string | undefined) => {
    const tool = TOOLS.find((each) => each.id === id);
    if (!tool) return;
    setOpen(tool);
    if (tool.dialog) onBusy(true);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same tool may be asked for again.
  useEffect(() => openFor(wanted), [wanted, visit]);
  if (image.deleted_at !== null || !mayChange) return null;
  const toggle = (tool: Tool) => {
    const next = tool === open ? null : tool;
    setOpen(next);
    if (next?.dialog) onBusy(true);
  };
  const close = () => {
    setOpen(null);
    // The key that closed it is not for the page as well.
    setTimeout(() => onBusy(false));
  };
  return (
    <section aria-label="Iterate" className="mb-6 grid gap-3">
      <h2 className="text-sm font-semibold tracking-normal">Iterate</h2>
      <OneClick image={image} begin={begin} />
      <div className="grid grid-cols-3 gap-2">
        {TOOLS.map((tool) => {
          const { id, label, icon: Icon, dialog } = tool;
          return (
            <button
              key={id}
              type="button"
              aria-expanded={dialog ? undefined : tool === open}
              aria-haspopup={dialog ? "dialog" : undefined}
              onClick={() => toggle(tool)}
              className={cn(tileStyle, tool === open && "border-primary bg-primary-soft")}
            >
              <Icon aria-hidden className="size-4" />
              {label}
            </button>
          );
        })}
        <Link to="/images/$id/inpaint" params={{ id: image.id }} className={tileStyle}>
          <Lasso aria-hidden className="size-4" />
          Change a part
        </Link>
        <Link to="/images/$id/outpaint" params={{ id: image.id }} className={tileStyle}>
          <Expand aria-hidden className="size-4" />
          Extend
        </Link>
      </div>
      {open ? (
        <Suspense fallback={open.dialog ? null : <Skeleton className="h-40" />}>
          <div key={`${open.id} ${image.id}`} className={open.dialog ? "contents" : opened}>
            {open.form ? (
              <OperationForm
                form={open.form}
                image={image}
                begin={begin}
                runs={runs}
                onClose={close}
                onBusy={onBusy}
              />
            ) : (
              <open.Content
                image={image}
                begin={begin}
                runs={runs}
                onClose={close}
                onBusy={onBusy}
              />
            )}
          </div>
        </Suspense>
      ) : null}
      <RunList runs={runs} onCancel={cancel} onDismiss={dismiss} />
    </section>
  );
}

const opened = "rounded-xl border bg-surface p-3.5";
const tileStyle =
  "grid min-h-14 content-center justify-items-center gap-1 rounded-lg border bg-card px-1 py-2 text-xs font-medium transition-colors duration-200 ease-studio hover:bg-accent";

/** Another one like it, without a question. */
function OneClick({
  image,
  begin,
}: Pick<IteratePanelProps, "image"> & { begin: ReturnType<typeof useBegin> }) {
  const [working, setWorking] = useState(false);
  const { price } = usePrice(image.id, { operation: "variation" });
  const make = async () => {
    setWorking(true);
    try {
      await begin({ operation: "variation", body: {} });
    } catch (error) {
      notify({ kind: "error", title: "No variation was begun", description: reasonOf(error) });
    }
    setWorking(false);
  };
  return (
    <Button onClick={() => void make()} working={working && "Sending…"}>
      <Sparkles aria-hidden /> Make a variation
      {price ? (
        <span className="font-normal opacity-85">· {creditsText(price.credits)}</span>
      ) : null}
    </Button>
  );
}
