import { KeySquare } from "lucide-react";
import type { ProviderOut } from "@/api/types.gen";
import { buttonVariants } from "@/ui/button";

type ProviderButtonsProps = {
  providers: readonly ProviderOut[];
  next?: string | undefined;
  /** Whether there is another way below, which a line then sets apart. */
  divided?: boolean;
};

/** Links that leave for a provider; the server sends the browser there. */
export function ProviderButtons({ providers, next, divided = false }: ProviderButtonsProps) {
  if (providers.length === 0) return null;
  const search = next ? `?next=${encodeURIComponent(next)}` : "";
  return (
    <div className="grid gap-3">
      {providers.map(({ id, name }) => (
        <a
          key={id}
          href={`/api/auth/oauth/${encodeURIComponent(id)}/login${search}`}
          className={buttonVariants({ variant: "secondary" })}
        >
          <KeySquare aria-hidden />
          <span className="truncate">Continue with {name}</span>
        </a>
      ))}
      {divided ? (
        <p className="flex items-center gap-3 py-1 text-sm text-muted-foreground before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border">
          or
        </p>
      ) : null}
    </div>
  );
}
