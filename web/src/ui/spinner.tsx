import { LoaderCircle } from "lucide-react";
import { cn } from "@/lib/cn";

/** Always stands beside words that say what is waited for. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden className={cn("size-4 animate-spin", className)} />;
}
