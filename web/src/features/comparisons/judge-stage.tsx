import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from "lucide-react";
import { useState } from "react";
import type { ComparisonOut } from "@/api/types.gen";
import { useModels } from "@/features/catalogue/models";
import { useMayChange } from "@/features/workspaces/acting";
import { cn } from "@/lib/cn";
import { reasonOf } from "@/lib/problem";
import { useShortcuts } from "@/lib/shortcuts";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Kbd } from "@/ui/kbd";
import { notify } from "@/ui/notify";
import { Progress } from "@/ui/progress";
import { LETTERS, outcomeText, subjectOf, valueText } from "./ab-words";
import { useVote, type Vote } from "./comparisons";

type JudgeStageProps = {
  pair: ComparisonOut;
  /** How many others wait. */
  left: number;
  onNext: (() => void) | null;
};

const PLACES = ["left", "right"] as const;
const BUTTONS = [
  { vote: "left", label: "Left is better", icon: ArrowLeft, keys: ["arrowleft", "1"] },
  { vote: "tie", label: "A tie", icon: ArrowUp, keys: ["arrowup", "0"] },
  { vote: "both_bad", label: "Both are bad", icon: ArrowDown, keys: ["arrowdown", "3"] },
  { vote: "right", label: "Right is better", icon: ArrowRight, keys: ["arrowright", "2"] },
] as const;

/** Both pictures, the vote, and after it what they were. */
export function JudgeStage({ pair, left, onNext }: JudgeStageProps) {
  const mayVote = useMayChange();
  const voting = useVote();
  const { status, blind, hidden } = pair;
  const open = status === "ready" || (status === "judged" && !blind);
  const cast = (vote: Vote) => {
    if (!open || !mayVote || voting.isPending) return;
    voting.mutate(
      { path: { id: pair.id }, body: { vote } },
      {
        onError: (error) =>
          notify({ kind: "error", title: "The vote was not taken", description: reasonOf(error) }),
      },
    );
  };
  useShortcuts({
    ...Object.fromEntries(
      BUTTONS.flatMap(({ keys, vote }) => keys.map((key) => [key, () => cast(vote)])),
    ),
    ...(onNext ? { n: onNext } : {}),
  });
  return (
    <section aria-label="Pair" className="grid gap-4">
      <Heading pair={pair} left={left} />
      {status === "running" ? (
        <Making pair={pair} />
      ) : (
        <div className="grid grid-cols-2 gap-2 sm:gap-4">
          {PLACES.map((place) => (
            <Side key={place} pair={pair} place={place} />
          ))}
        </div>
      )}
      {status === "void" ? (
        <Alert kind="info" title="There is nothing to judge">
          {pair.reason}
        </Alert>
      ) : null}
      <div className="flex flex-wrap items-center justify-center gap-2">
        {mayVote && open
          ? BUTTONS.map(({ vote, label, icon: Icon, keys }) => (
              <Button
                key={vote}
                variant="secondary"
                aria-pressed={pair.vote === vote}
                aria-keyshortcuts={keys.join(" ")}
                working={voting.isPending && voting.variables?.body.vote === vote && "Voting…"}
                onClick={() => cast(vote)}
                className="aria-pressed:border-primary aria-pressed:bg-primary-soft max-sm:w-[calc(50%-0.25rem)]"
              >
                <Icon aria-hidden /> {label}
              </Button>
            ))
          : null}
        {status === "judged" || status === "void" ? (
          onNext ? (
            <Button onClick={onNext}>
              Next pair <Kbd keys="n" />
            </Button>
          ) : (
            <Link to="/ab" search={{ view: "wins" }} className={buttonVariants()}>
              See what wins
            </Link>
          )
        ) : null}
      </div>
      {status === "ready" && hidden ? (
        <p className="text-center text-sm text-muted-foreground max-sm:hidden">
          <Kbd keys="arrowleft" /> <Kbd keys="arrowright" /> vote, <Kbd keys="arrowup" /> is a tie,{" "}
          <Kbd keys="arrowdown" /> is both bad. A blind vote is final.
        </p>
      ) : null}
    </section>
  );
}

function Heading({ pair, left }: { pair: ComparisonOut; left: number }) {
  const named = useNamed();
  const { values, status, prompt, varies, vote } = pair;
  return (
    <div className="grid gap-1">
      <h2 className="line-clamp-3 text-lg">
        {subjectOf(pair)}: {values.map((value) => valueText(value, pair, named)).join(" or ")}
      </h2>
      {varies === "prompt" ? null : <p className="line-clamp-2 text-muted-foreground">{prompt}</p>}
      <p role="status" className="text-sm text-muted-foreground">
        {status === "judged" && vote ? `${outcomeText(pair, named)}. ` : null}
        {left > 0 ? `${left} more ${left === 1 ? "pair waits" : "pairs wait"}.` : null}
      </p>
    </div>
  );
}

function Making({ pair }: { pair: ComparisonOut }) {
  return (
    <div className="grid min-h-60 content-center gap-3 rounded-xl border bg-subtle p-6 text-center">
      <p>Both pictures are being made.</p>
      <Progress
        value={pair.percent || null}
        label={`Both pictures, ${pair.percent} %`}
        className="mx-auto w-full max-w-80"
      />
    </div>
  );
}

function Side({ pair, place }: { pair: ComparisonOut; place: (typeof PLACES)[number] }) {
  const named = useNamed();
  const [failed, setFailed] = useState(false);
  const { picture, variant, generation } = pair.sides[place];
  const value = variant === null ? undefined : pair.values[variant];
  const name = place === "left" ? "Left" : "Right";
  const image = generation?.images[0];
  return (
    <figure className="grid content-start gap-2">
      <div
        data-image={image?.id}
        className={cn(
          "grid min-h-32 place-items-center overflow-hidden rounded-xl border bg-subtle",
          pair.vote === place && "border-primary ring-2 ring-primary",
        )}
      >
        {picture && !failed ? (
          <img
            src={picture}
            alt={name}
            onError={() => setFailed(true)}
            draggable={false}
            className="max-h-[62dvh] w-full object-contain"
          />
        ) : (
          <p className="p-4 text-sm text-muted-foreground">No picture</p>
        )}
      </div>
      <figcaption className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
        <span className="font-medium">{name}</span>
        {value === undefined ? null : (
          <span className="min-w-0 break-words">
            {LETTERS[variant ?? 0]} · {valueText(value, pair, named)}
          </span>
        )}
        {image ? (
          <Link
            to="/images/$id"
            params={{ id: image.id }}
            className="text-primary-text underline-offset-4 hover:underline"
          >
            Open the picture
          </Link>
        ) : null}
      </figcaption>
    </figure>
  );
}

/** Models under the names that people know. */
export function useNamed(): (id: string) => string {
  const { data } = useModels();
  return (id) => data?.items.find((model) => model.id === id)?.name ?? id;
}
