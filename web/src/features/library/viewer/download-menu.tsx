import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import type { ImageOut } from "@/api/types.gen";
import { formatBytes, formatNumber } from "@/lib/format";
import { Menu, MenuContent, MenuGroup, MenuLabel, MenuSeparator, MenuTrigger } from "@/ui/menu";
import { itemStyle } from "@/ui/overlay-style";

const FORMATS = ["png", "jpeg", "webp", "avif"] as const;
const WIDTHS = [2048, 1024, 512, 256];

type DownloadMenuProps = {
  image: ImageOut;
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** The picture as it is, in another format, or smaller. */
export function DownloadMenu({ image, trigger, open, onOpenChange }: DownloadMenuProps) {
  const { format, width, height, file_size, download_url } = image;
  const smaller = WIDTHS.filter((pixels) => pixels < width);
  return (
    <Menu open={open} onOpenChange={onOpenChange}>
      <MenuTrigger render={trigger} />
      <MenuContent className="max-h-[var(--available-height)] overflow-y-auto">
        <MenuGroup>
          <MenuLabel>
            {formatNumber(width)} × {formatNumber(height)}
          </MenuLabel>
          <Item href={download_url} hint={`${format.toUpperCase()}, ${formatBytes(file_size)}`}>
            Original
          </Item>
          {FORMATS.filter((name) => name !== format).map((name) => (
            <Item key={name} href={`${download_url}?format=${name}`}>
              {NAMES[name]}
            </Item>
          ))}
        </MenuGroup>
        {smaller.length > 0 ? (
          <>
            <MenuSeparator />
            <MenuGroup>
              <MenuLabel>Smaller, as {format.toUpperCase()}</MenuLabel>
              {smaller.map((pixels) => (
                <Item key={pixels} href={`${download_url}?width=${pixels}`}>
                  {formatNumber(pixels)} × {formatNumber(Math.round((height * pixels) / width))}
                </Item>
              ))}
            </MenuGroup>
          </>
        ) : null}
      </MenuContent>
    </Menu>
  );
}

const NAMES = { png: "PNG", jpeg: "JPEG", webp: "WebP", avif: "AVIF" };

function Item({ href, hint, children }: { href: string; hint?: string; children: ReactNode }) {
  return (
    <Base.LinkItem href={href} download closeOnClick className={itemStyle}>
      {children}
      {hint ? <span className="ml-auto pl-4 text-xs text-muted-foreground">{hint}</span> : null}
    </Base.LinkItem>
  );
}
