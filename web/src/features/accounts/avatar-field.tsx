import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { removeAvatarMutation } from "@/api/@tanstack/react-query.gen";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { notify } from "@/ui/notify";
import { Avatar } from "./avatar";
import { sessionQuery, useUser } from "./session";

const AvatarDialog = lazy(() =>
  import("./avatar-dialog").then((module) => ({ default: module.AvatarDialog })),
);

/** One's own picture: choose another one, or none. */
export function AvatarField() {
  const user = useUser();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const remove = useMutation(removeAvatarMutation());
  const discard = () =>
    remove.mutate(
      {},
      {
        onSuccess: (changed) => {
          client.setQueryData(sessionQuery.queryKey, changed);
          notify({ kind: "success", title: "Picture removed" });
        },
        onError: (error) =>
          notify({
            kind: "error",
            title: "The picture is still there",
            description: reasonOf(error),
          }),
      },
    );
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
      <Avatar user={user} className="size-20 text-2xl" />
      <div className="grid gap-2">
        <div className="flex flex-wrap gap-2">
          <Button variant="secondary" size="sm" onClick={() => input.current?.click()}>
            {user.avatar_url ? "Change picture" : "Choose picture"}
          </Button>
          {user.avatar_url ? (
            <Button
              variant="ghost"
              size="sm"
              working={remove.isPending && "Removing…"}
              onClick={discard}
            >
              Remove picture
            </Button>
          ) : null}
        </div>
        <p className="text-sm text-muted-foreground">PNG, JPEG, WebP, AVIF or GIF.</p>
        <input
          ref={input}
          type="file"
          aria-label="Picture file"
          accept="image/png,image/jpeg,image/webp,image/avif,image/gif"
          hidden
          onChange={(event) => {
            setFile(event.target.files?.[0]);
            event.target.value = ""; // so that the same file can be chosen again
          }}
        />
      </div>
      {file ? (
        <Suspense>
          <AvatarDialog file={file} onClose={() => setFile(undefined)} />
        </Suspense>
      ) : null}
    </div>
  );
}
