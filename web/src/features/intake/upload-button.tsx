import { Upload } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/ui/button";

const UploadDialog = lazy(() =>
  import("./upload-dialog").then((module) => ({ default: module.UploadDialog })),
);

/** Opens the dialog that brings pictures in; its code comes with the first click. */
export function UploadButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Upload pictures"
        title="Upload pictures"
        onClick={() => setOpen(true)}
      >
        <Upload aria-hidden />
      </Button>
      {open ? (
        <Suspense>
          <UploadDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
