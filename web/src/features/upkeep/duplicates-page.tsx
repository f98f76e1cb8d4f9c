import { Copy, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useProjectChoices } from "@/features/projects/projects";
import { useMayChange } from "@/features/workspaces/acting";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Progress } from "@/ui/progress";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { Slider } from "@/ui/slider";
import { ToggleGroup } from "@/ui/toggle-group";
import { Group } from "./duplicate-group";
import { useDuplicateActions, useDuplicates } from "./duplicates";
import { keptBy, RULE_NAMES, RULES, type Rule } from "./keepers";
import { FARTHEST, type Likeness, NEAREST, USUAL } from "./likeness";

const KINDS = [
  { value: "near", label: "Look alike" },
  { value: "exact", label: "Same file" },
] as const;
/** So many may be changed in one request. */
const MOST = 10_000;

type DuplicatesPageProps = { likeness: Likeness; onLikeness: (likeness: Likeness) => void };

/** What is in the library twice, with a way to keep the best of it. */
export function DuplicatesPage({ likeness, onLikeness }: DuplicatesPageProps) {
  usePageTitle("Duplicates");
  const { exact, distance = USUAL } = likeness;
  const found = useDuplicates(likeness);
  const { query, groups, looking, percent } = found;
  const { trash, dismiss, restore } = useDuplicateActions(found.hide, found.again);
  const mayChange = useMayChange();
  const projects = useProjectChoices();
  const [rule, setRule] = useState<Rule>("best");
  const [byHand, setByHand] = useState<ReadonlyMap<string, ReadonlySet<string>>>(new Map());
  const [asking, ask] = useState(false);
  const keptOf = (group: (typeof groups)[number]) => {
    const said = group.images.filter(({ id }) => byHand.get(group.key)?.has(id));
    return said.length > 0 ? new Set(said.map(({ id }) => id)) : keptBy(group.images, rule);
  };
  const rest = groups
    .flatMap((group) => {
      const kept = keptOf(group);
      return group.images.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
    })
    .slice(0, MOST);
  return (
    <div className="grid gap-5 p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <ToggleGroup
          aria-label="What counts as a duplicate"
          choices={KINDS}
          value={exact ? "exact" : "near"}
          onChange={(kind) =>
            onLikeness({ ...likeness, exact: kind === "exact" ? true : undefined })
          }
        />
        {exact ? null : <Distance key={distance} likeness={likeness} onLikeness={onLikeness} />}
        <div className="flex items-center gap-2 text-sm">
          <span>Keep</span>
          <Select
            aria-label="Which to keep"
            options={RULES.map((value) => ({ value, label: RULE_NAMES[value] }))}
            value={rule}
            onChange={(next) => {
              setRule(next as Rule);
              setByHand(new Map());
            }}
            className="w-36"
          />
        </div>
        {mayChange && rest.length > 0 ? (
          <Button className="sm:ml-auto" disabled={trash.isPending} onClick={() => ask(true)}>
            <Trash2 aria-hidden /> {`Trash the rest of all shown (${rest.length})`}
          </Button>
        ) : null}
      </div>
      {query.isPending ? (
        <div role="status" aria-label="Looking for duplicates" className="grid gap-4">
          {["a", "b", "c"].map((name) => (
            <Skeleton key={name} className="h-72 rounded-xl" />
          ))}
        </div>
      ) : null}
      {query.isError ? (
        <Alert
          kind="error"
          title="The duplicates could not be looked for"
          action={
            <Button
              size="sm"
              variant="secondary"
              onClick={() => void (query.data ? query.fetchNextPage() : query.refetch())}
            >
              Try again
            </Button>
          }
        >
          {reasonOf(query.error)}
        </Alert>
      ) : null}
      <ul aria-label="Groups of duplicates" className="grid gap-4">
        {groups.map((group) => (
          <li key={group.key} className="min-w-0">
            <Group
              group={group}
              kept={keptOf(group)}
              onKeep={(kept) => setByHand(new Map(byHand).set(group.key, kept))}
              onTrash={mayChange ? (ids) => trash.mutate(ids) : undefined}
              onDismiss={() => dismiss.mutate(group)}
              busy={trash.isPending || dismiss.isPending}
              projectName={(id) => projects.data?.items.find((one) => one.id === id)?.name}
            />
          </li>
        ))}
      </ul>
      {query.data && groups.length === 0 && !looking && !query.hasNextPage && !query.isError ? (
        <EmptyState icon={Copy} title={exact ? "No picture is there twice" : "Nothing looks alike"}>
          {exact
            ? "No two pictures of your library have the same file."
            : "No two pictures of your library look so much alike. A new picture is compared once its thumbnails are made."}
        </EmptyState>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        {looking ? (
          <div role="status" className="grid flex-1 gap-1.5 text-sm text-muted-foreground">
            {`Looked through about ${percent} % of the library`}
            <Progress value={percent} label="Looking for duplicates" className="max-w-md" />
          </div>
        ) : query.hasNextPage && groups.length > 0 ? (
          <Button variant="secondary" onClick={found.more}>
            Show more
          </Button>
        ) : null}
        {query.data && !looking ? (
          <Button variant="ghost" onClick={found.again}>
            <RefreshCw aria-hidden /> Look again
          </Button>
        ) : null}
        {mayChange && found.dismissed > 0 ? (
          <Button variant="ghost" disabled={restore.isPending} onClick={() => restore.mutate()}>
            {`Show ${formatCount(found.dismissed, "dismissed group")} again`}
          </Button>
        ) : null}
      </div>
      <Confirm
        open={asking}
        onOpenChange={ask}
        title={`Move ${formatCount(rest.length, "picture")} to the trash?`}
        action={`Trash ${formatCount(rest.length, "picture")}`}
        onConfirm={() => {
          ask(false);
          trash.mutate(rest);
        }}
      >
        {`Of each of the ${formatCount(groups.length, "group")} shown, what is marked stays. The rest can be taken back, at once or out of the trash.`}
      </Confirm>
    </div>
  );
}

/** How much alike: asked for when the slider rests. */
function Distance({ likeness, onLikeness }: DuplicatesPageProps) {
  const { distance = USUAL } = likeness;
  const [value, setValue] = useState(distance);
  const rest = () => {
    if (value !== distance) onLikeness({ ...likeness, distance: value });
  };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the slider is in it.
    <label className="flex items-center gap-2 text-sm">
      <span className="text-muted-foreground">Nearly the same</span>
      <Slider
        min={NEAREST}
        max={FARTHEST}
        value={value}
        onChange={setValue}
        onPointerUp={rest}
        onKeyUp={rest}
        onBlur={rest}
        aria-label="How different they may be"
        aria-valuetext={`${value} of ${FARTHEST}`}
        className="w-32"
      />
      <span className="text-muted-foreground">Rather alike</span>
    </label>
  );
}
