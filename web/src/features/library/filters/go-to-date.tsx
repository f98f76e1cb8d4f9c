import { CalendarSearch } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/ui/button";
import type { ImageContext } from "../image-filter";

const load = () => import("./date-popover");
const DatePopover = lazy(() => load().then((module) => ({ default: module.DatePopover })));

type GoToDateProps = { context: ImageContext; onGo: (index: number) => void };

/** A button that leads to the pictures of a day; what it opens is fetched when the pointer or the focus is near. */
export function GoToDate(props: GoToDateProps) {
  const [wanted, setWanted] = useState(false);
  const near = () => void load();
  const button = (
    <Button
      variant="ghost"
      size="sm"
      title="Go to a date"
      onPointerEnter={near}
      onFocus={near}
      onClick={() => setWanted(true)}
      aria-haspopup="dialog"
    >
      <CalendarSearch aria-hidden /> <span className="max-sm:sr-only">Go to a date</span>
    </Button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <DatePopover {...props} trigger={button} />
    </Suspense>
  );
}
