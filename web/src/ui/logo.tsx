import { cn } from "@/lib/cn";

/** The mark: a small picture on its stand. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={cn("size-8", className)}>
      <rect width="32" height="32" rx="8" fill="var(--primary)" />
      <path
        d="M16 6.5v3M9.5 25.5 13 18M22.5 25.5 19 18M16 18v5"
        stroke="#fff"
        strokeWidth="2"
        strokeLinecap="round"
        fill="none"
      />
      <rect x="8" y="9.5" width="16" height="9" rx="2" fill="#fff" />
      <path d="m9.500 17 3.600-3.700 2.600 2.500 3-3.300 3.800 4.500z" fill="var(--highlight)" />
    </svg>
  );
}
