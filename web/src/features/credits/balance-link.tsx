import { Link } from "@tanstack/react-router";
import { Coins } from "lucide-react";
import { formatCredits, formatNumber } from "@/lib/format";
import { useFollowedBalance } from "./balance";

/** What can be spent, in the top bar; nothing where no one pays. */
export function BalanceLink() {
  const { data } = useFollowedBalance();
  if (!data?.billing) return null;
  return (
    <Link
      to="/usage"
      title="Usage and credits"
      className="flex h-9 items-center gap-1.5 rounded-full border px-3 text-sm font-medium whitespace-nowrap tabular-nums transition-colors hover:bg-accent"
    >
      <Coins aria-hidden className="size-4 text-primary-text" />
      <span className="sr-only sm:not-sr-only">{formatCredits(data.available)}</span>
      <span aria-hidden className="sm:hidden">
        {formatNumber(data.available)}
      </span>
    </Link>
  );
}
