import { Link } from "@tanstack/react-router";
import { Ellipsis, PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { cn } from "@/lib/cn";
import { useStored } from "@/lib/stored";
import { MenuOnDemand } from "./menu-on-demand";
import { DESTINATIONS, type Destination, IN_BAR } from "./navigation";

const rowStyle =
  "flex h-10 w-full items-center gap-3 rounded-lg px-3 text-sm font-medium text-subtle-foreground transition-colors duration-200 ease-studio hover:bg-accent hover:text-accent-foreground [&_svg]:size-4.5 [&_svg]:shrink-0";
const hereStyle =
  "aria-[current=page]:bg-primary-soft aria-[current=page]:text-primary-soft-foreground";

/** The pages at the left, on screens that have the room. Folded it shows icons alone. */
export function Sidebar() {
  const [stored, store] = useStored("sidebar");
  const folded = stored === "folded";
  const Icon = folded ? PanelLeftOpen : PanelLeftClose;
  const label = folded ? "Unfold sidebar" : "Fold sidebar";
  return (
    <aside
      className={cn(
        "sticky top-14 hidden h-[calc(100dvh-3.5rem)] shrink-0 flex-col border-r bg-subtle p-3 transition-[width] duration-200 ease-studio md:flex",
        folded ? "w-[4.25rem]" : "w-56",
      )}
    >
      <nav aria-label="Pages" className="flex-1">
        <ul className="grid gap-1">
          {DESTINATIONS.map((destination) => (
            <li key={destination.to}>
              <Row destination={destination} folded={folded} />
            </li>
          ))}
        </ul>
      </nav>
      <button
        type="button"
        aria-label={label}
        aria-expanded={!folded}
        title={folded ? label : undefined}
        onClick={() => store(folded ? null : "folded")}
        className={cn(rowStyle, "text-muted-foreground")}
      >
        <Icon aria-hidden />
        {folded ? null : <span className="truncate">Fold</span>}
      </button>
    </aside>
  );
}

function Row({ destination, folded }: { destination: Destination; folded: boolean }) {
  const { to, label, icon: Icon } = destination;
  return (
    <Link
      to={to}
      aria-label={folded ? label : undefined}
      title={folded ? label : undefined}
      className={cn(rowStyle, hereStyle)}
    >
      <Icon aria-hidden />
      {folded ? null : <span className="truncate">{label}</span>}
    </Link>
  );
}

const barStyle =
  "grid h-14 w-full place-items-center content-center gap-0.5 text-[0.6875rem] font-medium tracking-tight text-muted-foreground -outline-offset-2 aria-[current=page]:text-primary-text";

/** The first pages at the bottom, on a phone, and a way to the others. */
export function BottomBar() {
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-background/95 pb-[env(safe-area-inset-bottom)] backdrop-blur md:hidden"
    >
      <ul className="flex">
        {DESTINATIONS.slice(0, IN_BAR).map(({ to, label, icon: Icon }) => (
          <li key={to} className="flex-1">
            <Link to={to} className={barStyle}>
              <Icon aria-hidden className="size-5" />
              {label}
            </Link>
          </li>
        ))}
        <li className="flex-1">
          <MenuOnDemand
            menu="pages"
            trigger={
              <button type="button" className={barStyle}>
                <Ellipsis aria-hidden className="size-5" />
                More
              </button>
            }
          />
        </li>
      </ul>
    </nav>
  );
}
