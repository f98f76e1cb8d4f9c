import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { UserOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { upload } from "@/lib/upload";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/ui/dialog";
import { notify } from "@/ui/notify";
import { Progress } from "@/ui/progress";
import { AvatarCrop } from "./avatar-crop";
import { type Crop, cutOut, middleOf, squareOf } from "./crop";
import { sessionQuery } from "./session";

type AvatarDialogProps = { file: File; onClose: () => void };

/** Shows the chosen file, lets one move and zoom it, and sends the square that is seen. */
export function AvatarDialog({ file, onClose }: AvatarDialogProps) {
  const url = useObjectUrl(file);
  const picture = useRef<HTMLImageElement>(null);
  const [crop, setCrop] = useState<Crop>();
  const [unseen, setUnseen] = useState(false);
  const [percent, setPercent] = useState<number | null>(null);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: async () => {
      setPercent(null);
      const image = picture.current;
      const size = image && { width: image.naturalWidth, height: image.naturalHeight };
      // What the browser shows but cannot cut, the server can.
      const blob =
        image && size && crop ? await cutOut(image, squareOf(size, crop)).catch(() => file) : file;
      return upload<UserOut>("/api/users/avatar", blob, setPercent);
    },
    onSuccess: (user) => {
      client.setQueryData(sessionQuery.queryKey, user);
      notify({ kind: "success", title: "Picture saved" });
      onClose();
    },
  });
  const busy = save.isPending;
  return (
    <Dialog open onOpenChange={(open) => open || busy || onClose()}>
      <DialogContent
        title="Your picture"
        description={unseen ? undefined : "Drag to move it, and zoom to what you want to show."}
        footer={
          <>
            <DialogClose className={buttonVariants({ variant: "secondary" })} disabled={busy}>
              Cancel
            </DialogClose>
            <Button
              working={busy && "Saving…"}
              disabled={!crop && !unseen}
              onClick={() => save.mutate()}
            >
              Save picture
            </Button>
          </>
        }
      >
        <div className="grid gap-4">
          {save.error ? <Alert kind="error">{reasonOf(save.error)}</Alert> : null}
          {unseen ? (
            <Alert kind="info">
              This browser cannot show “{file.name}”. Save it anyway, and Easel shows its middle.
            </Alert>
          ) : (
            <AvatarCrop
              ref={picture}
              url={url}
              crop={crop}
              onLoad={(size) => setCrop(middleOf(size))}
              onCrop={setCrop}
              onError={() => setUnseen(true)}
            />
          )}
          {busy ? (
            <Progress value={percent === 100 ? null : percent} label="Sending the picture" />
          ) : null}
        </div>
      </DialogContent>
    </Dialog>
  );
}

function useObjectUrl(file: File): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
