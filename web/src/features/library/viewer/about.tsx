import { useQueryClient } from "@tanstack/react-query";
import { FolderInput, Globe, Heart } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, type ReactNode, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Field, Label } from "@/ui/field";
import { Input } from "@/ui/input";
import { Textarea } from "@/ui/textarea";
import { rateImages, useEditImage } from "../actions/edit-image";
import { TagsField } from "../actions/tags-field";
import { Stars } from "./stars";

/** What a person says of a picture. Each field is kept when it is left. */
export function About({ image, onMove }: { image: ImageOut; onMove: () => void }) {
  const client = useQueryClient();
  const edit = useEditImage();
  const { title, alt_text, notes, tags, rating, is_favorite, is_public } = image;
  return (
    <section aria-label="About" className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <Stars rating={rating} onRate={(stars) => void rateImages(client, [image], stars)} />
        <div className="ml-auto flex gap-1.5">
          <Button
            variant="secondary"
            size="icon-sm"
            aria-label="Favourite"
            aria-pressed={is_favorite}
            title="Favourite (f)"
            onClick={() =>
              void edit(image, { is_favorite: !is_favorite }, "That it is a favourite")
            }
          >
            <Heart aria-hidden className={cn(is_favorite && "fill-current text-highlight-text")} />
          </Button>
          <Button
            variant="secondary"
            size="icon-sm"
            aria-label="Move to a project"
            title="Move to a project (m)"
            onClick={onMove}
          >
            <FolderInput aria-hidden />
          </Button>
          <Button
            variant="secondary"
            size="sm"
            aria-pressed={is_public}
            title={is_public ? "Everyone may see it" : "Only you may see it"}
            onClick={() => void edit(image, { is_public: !is_public }, "Who may see it")}
          >
            <Globe aria-hidden className={cn(is_public && "text-primary-text")} />
            {is_public ? "Public" : "Private"}
          </Button>
        </div>
      </div>
      <Field label="Title">
        {(control) => (
          <Kept
            {...control}
            as={Input}
            value={title ?? ""}
            maxLength={200}
            placeholder="Untitled"
            onKeep={(text) => void edit(image, { title: text || null }, "The title")}
          />
        )}
      </Field>
      <div className="grid gap-1.5">
        <Label htmlFor="picture-tags">Tags</Label>
        <TagsField
          id="picture-tags"
          label="Tags"
          tags={tags}
          onChange={(next) => void edit(image, { tags: next }, "The tags")}
        />
      </div>
      <Field label="Alt text" help="What it shows, for those who cannot see it.">
        {(control) => (
          <Kept
            {...control}
            as={Textarea}
            rows={2}
            value={alt_text}
            maxLength={2000}
            onKeep={(text) => void edit(image, { alt_text: text }, "The alt text")}
          />
        )}
      </Field>
      <Field label="Notes">
        {(control) => (
          <Kept
            {...control}
            as={Textarea}
            rows={2}
            value={notes ?? ""}
            maxLength={10_000}
            placeholder="For yourself"
            onKeep={(text) => void edit(image, { notes: text || null }, "The notes")}
          />
        )}
      </Field>
    </section>
  );
}

type Control = ComponentProps<"input"> & ComponentProps<"textarea">;
type KeptProps = Omit<Control, "value" | "onChange"> & {
  as: typeof Input | typeof Textarea;
  value: string;
  onKeep: (text: string) => void;
};

/** A field that is kept when it is left, or by Enter in one of a single line; Esc gives back what it was. */
function Kept({ as, value, onKeep, ...rest }: KeptProps) {
  const Control = as as (props: Control) => ReactNode;
  const [text, setText] = useState(value);
  const [said, setSaid] = useState(value);
  if (said !== value) {
    // Changed elsewhere, in another tab perhaps.
    setSaid(value);
    setText(value);
  }
  return (
    <Control
      {...rest}
      value={text}
      onChange={(event: { target: { value: string } }) => setText(event.target.value)}
      onBlur={() => text.trim() !== value && onKeep(text.trim())}
      onKeyDown={(event: KeyboardEvent<HTMLElement>) => {
        if (event.key === "Escape") setText(value);
        if (event.key === "Enter" && as === Input) event.currentTarget.blur();
      }}
    />
  );
}
