import { Skeleton } from "@/ui/skeleton";

/** What stands in for a part of the settings that is on its way. */
export function PanelLoading({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-3">
      {["a", "b", "c"].map((name) => (
        <Skeleton key={name} className="h-20 rounded-xl" />
      ))}
    </div>
  );
}
