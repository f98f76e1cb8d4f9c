import { Dices, Lock, LockOpen } from "lucide-react";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { NumberField } from "@/ui/number-field";
import type { Composer } from "./composer";
import { MAX_SEED, rollSeed } from "./draft";

/** Open: a new seed each time. Locked: this one, until it is opened again. */
export function SeedField({ composer }: { composer: Composer }) {
  const { draft, faults, set } = composer;
  const locked = draft.seed !== null;
  const roll = () => set({ seed: rollSeed() }, "seed");
  useShortcuts({ r: roll });
  const LockIcon = locked ? Lock : LockOpen;
  return (
    <Field
      label="Seed"
      error={faults.seed}
      help={locked ? "Locked: same seed, same settings, same picture." : "A new one each time."}
    >
      {(control) => (
        <div className="flex gap-2">
          <NumberField
            {...control}
            min={0}
            max={MAX_SEED}
            step={1}
            value={draft.seed}
            onChange={(seed) => set({ seed }, "seed")}
            placeholder="Random"
            className="min-w-0 flex-1"
          />
          <Button
            variant="secondary"
            size="icon"
            aria-label="Lock the seed"
            aria-pressed={locked}
            title={locked ? "Unlock: a new seed each time" : "Lock: keep one seed"}
            onClick={() => (locked ? set({ seed: null }, "seed") : roll())}
            className="aria-pressed:border-primary aria-pressed:bg-primary-soft aria-pressed:text-primary-soft-foreground"
          >
            <LockIcon aria-hidden />
          </Button>
          <Button
            variant="secondary"
            size="icon"
            aria-label="Throw a new seed"
            aria-keyshortcuts="r"
            title="Throw a new seed (R)"
            onClick={roll}
          >
            <Dices aria-hidden />
          </Button>
        </div>
      )}
    </Field>
  );
}
