import { Download } from "lucide-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { Button } from "@/ui/button";

const load = () =>
  import("./download-menu").then(({ DownloadMenu }) => ({ default: DownloadMenu }));
const Menu = lazy(load);

type DownloadButtonProps = {
  image: ImageOut;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Opens the menu of downloads, whose code comes when the pointer or the focus is near. */
export function DownloadButton(props: DownloadButtonProps) {
  const [wanted, setWanted] = useState(false);
  const near = () => void load();
  const button = (more: ComponentProps<"button">) => (
    <Button variant="secondary" size="sm" aria-label="Download" title="Download" {...more}>
      <Download aria-hidden /> <span className="max-sm:hidden">Download</span>
    </Button>
  );
  const open = () => {
    setWanted(true);
    props.onOpenChange(true);
  };
  const waiting = button({
    onPointerEnter: near,
    onFocus: near,
    onClick: open,
    "aria-haspopup": "menu",
  });
  if (!wanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <Menu {...props} trigger={button({})} />
    </Suspense>
  );
}
