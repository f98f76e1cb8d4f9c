import { Bookmark, ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ModelOut } from "@/api/types.gen";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/button";
import type { Composer } from "./composer";
import { fitDraft } from "./draft";
import { draftWith, settingsOf, usePresets } from "./presets";

const load = () => import("./presets-menu").then(({ PresetsMenu }) => ({ default: PresetsMenu }));
const Menu = lazy(load);

type Props = { composer: Composer; model: ModelOut };

/** Says which preset the form stands at; opens their menu, whose code comes when someone reaches for it. */
export function PresetsButton({ composer, model }: Props) {
  const [wanted, want] = useState(false);
  const [open, setOpen] = useState(false);
  const presets = usePresets();
  const now = JSON.stringify(settingsOf(composer.draft, model));
  const current = presets.data?.find(({ settings }) => {
    if (settings.model !== model.id) return false;
    const its = fitDraft(draftWith(composer.draft, settings, model), model);
    return JSON.stringify(settingsOf(its, model)) === now;
  });
  const reach = () => {
    want(true);
    setOpen(true);
  };
  useShortcuts({ p: reach });
  const trigger = (
    <Button
      variant="secondary"
      aria-label={current ? `Presets: ${current.name}` : "Presets"}
      aria-haspopup="menu"
      aria-keyshortcuts="p"
      title="Presets (P)"
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={wanted ? undefined : reach}
      className="w-full justify-start"
    >
      <Bookmark aria-hidden className={current ? "fill-current text-primary-text" : undefined} />
      <span className="min-w-0 flex-1 truncate text-left">{current?.name ?? "Presets"}</span>
      <ChevronDown aria-hidden className="text-muted-foreground" />
    </Button>
  );
  if (!wanted) return trigger;
  return (
    <Suspense fallback={trigger}>
      <Menu
        trigger={trigger}
        open={open}
        onOpenChange={setOpen}
        composer={composer}
        model={model}
        current={current}
      />
    </Suspense>
  );
}
