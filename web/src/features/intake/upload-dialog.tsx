import { FolderOpen, ImageUp } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { gather, picturesOf } from "./gathered";
import { bringIn } from "./upload-queue";

const TYPES = "image/png,image/jpeg,image/webp,image/avif,image/gif";

/** Every way to bring pictures in: files, a folder, a drop, an address. */
export function UploadDialog({ onClose }: { onClose: () => void }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [empty, setEmpty] = useState(false);
  const bring = (given: readonly File[]) => {
    setEmpty(given.length === 0);
    if (given.length === 0) return;
    bringIn(given);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title="Upload pictures"
        description="PNG, JPEG, WebP, AVIF and GIF, kept as they are. Prompts and settings that other tools wrote into them are read."
      >
        <div className="grid gap-5">
          {empty ? <Alert kind="info">There is no picture in this folder.</Alert> : null}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same by key. */}
          <div
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              event.stopPropagation();
              void gather(event.dataTransfer).then(bring, () => setEmpty(true));
            }}
            className="grid justify-items-center gap-4 rounded-xl border-2 border-dashed border-border p-8 text-center"
          >
            <ImageUp aria-hidden className="size-8 text-muted-foreground" />
            <p className="text-sm text-muted-foreground">Drop pictures or folders here, or</p>
            <div className="flex flex-wrap justify-center gap-3">
              <Button onClick={() => files.current?.click()}>Choose files</Button>
              <Button variant="secondary" onClick={() => folder.current?.click()}>
                <FolderOpen aria-hidden /> Choose a folder
              </Button>
            </div>
            <input
              ref={files}
              type="file"
              multiple
              hidden
              accept={TYPES}
              aria-label="Files to upload"
              onChange={({ target }) => bring([...(target.files ?? [])])}
            />
            <input
              ref={folder}
              type="file"
              hidden
              {...{ webkitdirectory: "" }}
              aria-label="Folder to upload"
              onChange={({ target }) => bring(picturesOf(target.files ?? []))}
            />
          </div>
          <FromAddress onClose={onClose} />
        </div>
      </DialogContent>
    </Dialog>
  );
}

function FromAddress({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const good = /^https?:\/\/\S+$/i.test(url.trim());
    setWrong(!good);
    if (!good) return;
    bringIn([url.trim()]);
    onClose();
  };
  return (
    <form onSubmit={submit} noValidate className="flex items-end gap-3">
      <Field
        label="From an address"
        error={wrong ? "Enter the picture's address, beginning with https://." : undefined}
        className="flex-1"
      >
        {(control) => (
          <Input
            {...control}
            type="url"
            inputMode="url"
            placeholder="https://"
            value={url}
            onChange={({ target }) => setUrl(target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="secondary">
        Fetch
      </Button>
    </form>
  );
}
