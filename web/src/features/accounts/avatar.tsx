import { useState } from "react";
import type { UserOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";

type AvatarProps = { user: Pick<UserOut, "name" | "avatar_url">; className?: string };

/** Someone's picture in a circle, or their initials. Whoever shows it says in words whose it is. */
export function Avatar({ user, className }: AvatarProps) {
  const [missing, setMissing] = useState<string>();
  const url = user.avatar_url;
  return (
    <span
      aria-hidden
      className={cn(
        "grid size-9 shrink-0 place-items-center overflow-hidden rounded-full bg-primary-soft text-sm font-semibold text-primary-soft-foreground select-none",
        className,
      )}
    >
      {url && url !== missing ? (
        <img src={url} alt="" className="size-full object-cover" onError={() => setMissing(url)} />
      ) : (
        initials(user.name)
      )}
    </span>
  );
}

/** "Ada Lovelace" → "AL". */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}
