import { Dices, Repeat, RotateCcw, SlidersHorizontal } from "lucide-react";
import type { GenerationOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { Button } from "@/ui/button";
import type { CardActions } from "./submit";

type CardButtonsProps = {
  generation: GenerationOut;
  actions: CardActions;
  onUseSettings: () => void;
};

/** What can be done with a request that has ended. */
export function CardButtons({ generation, actions, onUseSettings }: CardButtonsProps) {
  const { status, operation } = generation;
  const mayChange = useMayChange();
  const retries = status === "failed" || status === "cancelled";
  const plain = operation === "text-to-image";
  if (!mayChange) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {retries ? (
        <Button size="sm" variant="secondary" onClick={() => actions.retry(generation)}>
          <RotateCcw aria-hidden /> Try again
        </Button>
      ) : null}
      {plain && !retries ? (
        <>
          <Button size="sm" variant="secondary" onClick={() => actions.again(generation, "new")}>
            <Dices aria-hidden /> New seed
          </Button>
          <Button size="sm" variant="ghost" onClick={() => actions.again(generation, "same")}>
            <Repeat aria-hidden /> Same again
          </Button>
        </>
      ) : null}
      {plain ? (
        <Button size="sm" variant="ghost" onClick={onUseSettings}>
          <SlidersHorizontal aria-hidden /> Use settings
        </Button>
      ) : null}
    </div>
  );
}
