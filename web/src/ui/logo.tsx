import { cn } from "@/lib/cn";

/** The mark: a small picture on its stand. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={cn("size-8", className)}>
      <rect width="32" height="32" rx="8" fill="var(--primary)" />
      <path
        d="M16 4.5v3M11.5 20 8.5 27M20.5 20l3 7M16 20v4.5"
        stroke="#fff"
        strokeWidth="2"
        strokeLinecap="round"
        fill="none"
      />
      <rect x="6.5" y="7.5" width="19" height="13" rx="2.5" fill="#fff" />
      <path d="M8.5 18.5 13.5 12l3.5 4 2-2 4.5 4.5z" fill="var(--primary)" />
      <circle cx="20.5" cy="11.5" r="1.8" fill="var(--highlight)" />
    </svg>
  );
}
