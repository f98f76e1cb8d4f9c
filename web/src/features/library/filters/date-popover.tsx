import { useQuery } from "@tanstack/react-query";
import { type ReactElement, type SyntheticEvent, useState } from "react";
import { imageMonthsOptions } from "@/api/@tanstack/react-query.gen";
import { listImages } from "@/api/sdk.gen";
import { formatNumber } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { Popover, PopoverContent, PopoverTrigger } from "@/ui/popover";
import { Skeleton } from "@/ui/skeleton";
import { endOf, isDay, startOf } from "../days";
import { type ImageContext, toWanted } from "../image-filter";

type DatePopoverProps = {
  context: ImageContext;
  trigger: ReactElement;
  onGo: (index: number) => void;
};

const MONTH = new Intl.DateTimeFormat(undefined, {
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** Leads to a month that has pictures, or to any day. */
export function DatePopover({ context, trigger, onGo }: DatePopoverProps) {
  const [open, setOpen] = useState(true);
  const [day, setDay] = useState("");
  const query = { ...toWanted(context), ...(context.order && { order: context.order }) };
  const { data } = useQuery({ ...imageMonthsOptions({ query }), enabled: open });
  const go = (index: number) => {
    setOpen(false);
    onGo(index);
  };
  const goToDay = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isDay(day)) return;
    try {
      go(await countBefore(context, day));
    } catch (error) {
      notify({ kind: "error", title: "The day could not be found", description: reasonOf(error) });
    }
  };
  let passed = 0;
  const months = (data?.items ?? []).map(({ month, count }) => {
    const index = passed;
    passed += count;
    return { month, count, index };
  });
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger render={trigger} />
      <PopoverContent title="Go to a date" align="end" className="w-72">
        <form onSubmit={goToDay} className="flex gap-2">
          <Input
            type="date"
            aria-label="Day"
            value={day}
            onChange={(event) => setDay(event.target.value)}
            className="min-w-0"
          />
          <Button type="submit" variant="secondary" disabled={!isDay(day)}>
            Go
          </Button>
        </form>
        {data ? (
          <ul aria-label="Months" className="mt-3 grid max-h-64 gap-0.5 overflow-y-auto">
            {months.map(({ month, count, index }) => (
              <li key={month}>
                <button
                  type="button"
                  onClick={() => go(index)}
                  className="flex min-h-8 w-full items-center justify-between rounded-lg px-2 py-1 text-sm hover:bg-accent hover:text-accent-foreground"
                >
                  {MONTH.format(new Date(`${month}-01T00:00:00Z`))}
                  <span className="text-xs text-muted-foreground tabular-nums">
                    {formatNumber(count)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <Skeleton className="mt-3 h-40 rounded-lg" />
        )}
      </PopoverContent>
    </Popover>
  );
}

/** How many pictures of the list come before those of a day. */
async function countBefore(context: ImageContext, day: string): Promise<number> {
  const wanted = toWanted(context);
  const next = new Date(endOf(day).getTime() + 1).toISOString();
  const last = new Date(startOf(day).getTime() - 1).toISOString();
  // The filter may already end before that day, or begin after it.
  const query =
    context.order === "asc"
      ? { ...wanted, created_to: earlier(wanted.created_to, last) }
      : { ...wanted, created_from: later(wanted.created_from, next) };
  const { data } = await listImages({
    query: { ...query, limit: 1, count: true },
    throwOnError: true,
  });
  return data.total ?? 0;
}

const earlier = (one: string | null | undefined, other: string) =>
  one && one < other ? one : other;
const later = (one: string | null | undefined, other: string) => (one && one > other ? one : other);
