import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  Columns2,
  Image as ImageIcon,
  Network,
  PencilLine,
  Repeat,
  SlidersHorizontal,
  WandSparkles,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { creditsText } from "@/features/catalogue/models";
import { findImage, imageQuery } from "@/features/library/image-lists";
import { nameOf } from "@/features/library/image-page";
import { useMayChange } from "@/features/workspaces/acting";
import { reasonOf } from "@/lib/problem";
import {
  Menu,
  type MenuAnchor,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuSeparator,
} from "@/ui/menu";
import { notify } from "@/ui/notify";
import { usePrice } from "./price";
import { QUICK, type Quick, useMake } from "./quick";

type QuickMenuProps = {
  id: string;
  anchor: MenuAnchor;
  /** What had the focus, and gets it back. */
  from: HTMLElement | null;
  onClose: () => void;
};

/** What can be made of a picture from wherever it shows. */
export function QuickMenu({ id, anchor, from, onClose }: QuickMenuProps) {
  const client = useQueryClient();
  const [open, setOpen] = useState(true);
  // Whenever the menu itself gets the focus, its first item is ready for Enter, until somebody goes through it: two keys
  // from a picture to its variation.
  const used = useRef(false);
  const use = () => {
    used.current = true;
  };
  const { data: image, error } = useQuery({
    ...imageQuery(id),
    placeholderData: () => findImage(client, id),
  });
  useEffect(() => {
    if (!error) return;
    notify({
      kind: "error",
      title: "The picture could not be loaded",
      description: reasonOf(error),
    });
    onClose();
  }, [error, onClose]);
  if (!image) return null;
  return (
    <Menu open={open} onOpenChange={setOpen} onOpenChangeComplete={(now) => now || onClose()}>
      <MenuContent
        anchor={anchor}
        align="start"
        finalFocus={() => (from?.isConnected ? from : true)}
        onKeyDown={use}
        onPointerMove={use}
        onFocus={({ target, currentTarget }) => {
          if (used.current || target.role === "menuitem") return;
          currentTarget.querySelector<HTMLElement>("[role=menuitem]")?.focus();
        }}
      >
        <Items image={image} />
      </MenuContent>
    </Menu>
  );
}

function Items({ image }: { image: ImageOut }) {
  const { id, parent_image_id, deleted_at } = image;
  const mayChange = useMayChange();
  const makes = mayChange && deleted_at === null;
  return (
    <>
      <MenuGroup>
        <MenuLabel>
          <span className="block max-w-56 truncate">{nameOf(image)}</span>
        </MenuLabel>
        {makes
          ? QUICK.map((quick) => <Make key={quick.label} image={image} quick={quick} />)
          : null}
      </MenuGroup>
      {makes ? (
        <>
          <MenuItem render={<Link to="/images/$id" params={{ id }} state={{ tool: "remix" }} />}>
            <PencilLine aria-hidden /> Remix…
          </MenuItem>
          <MenuItem render={<Link to="/images/$id" params={{ id }} state={{ tool: "edit" }} />}>
            <SlidersHorizontal aria-hidden /> Edit…
          </MenuItem>
          <MenuItem render={<Link to="/generate" search={{ from: id }} />}>
            <WandSparkles aria-hidden /> Use these settings
          </MenuItem>
          <MenuSeparator />
        </>
      ) : null}
      <MenuItem render={<Link to="/images/$id" params={{ id }} />}>
        <ImageIcon aria-hidden /> Open
      </MenuItem>
      <MenuItem render={<Link to="/images/$id/tree" params={{ id }} />}>
        <Network aria-hidden /> Family tree
      </MenuItem>
      {makes ? (
        <MenuItem render={<Link to="/images/$id/tree" params={{ id }} state={{ replay: id }} />}>
          <Repeat aria-hidden /> Replay this branch…
        </MenuItem>
      ) : null}
      {parent_image_id ? (
        <MenuItem render={<Link to="/compare" search={{ ids: `${parent_image_id},${id}` }} />}>
          <Columns2 aria-hidden /> Compare with parent
        </MenuItem>
      ) : null}
    </>
  );
}

/** Begins something without a question; its price stands beside it. */
function Make({ image, quick }: { image: ImageOut; quick: Quick }) {
  const { label, icon: Icon } = quick;
  const make = useMake();
  const { price, refusal } = usePrice(image.id, quick.price);
  return (
    <MenuItem
      disabled={refusal !== null}
      onClick={() => void make(quick, [image.id], nameOf(image))}
    >
      <Icon aria-hidden />
      <span>
        {label}
        {refusal ? (
          <span className="block max-w-56 text-xs text-muted-foreground">{reasonOf(refusal)}</span>
        ) : null}
      </span>
      {price ? (
        <span className="ml-auto pl-4 text-xs text-muted-foreground">
          {creditsText(price.credits)}
        </span>
      ) : null}
    </MenuItem>
  );
}
