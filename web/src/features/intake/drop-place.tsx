import { ImageUp } from "lucide-react";
import { useEffect, useState } from "react";
import { notify } from "@/ui/notify";
import { gather, holdsFiles } from "./gathered";
import { bringIn } from "./upload-queue";

/** Takes files that are dropped anywhere on the page, and pictures that are pasted. */
export function DropPlace() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // A drag goes into and out of every element on its way; out of the window it goes once.
    let depth = 0;
    const show = (change: number) => {
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    const enter = (event: DragEvent) => holdsFiles(event.dataTransfer) && show(1);
    const leave = (event: DragEvent) => holdsFiles(event.dataTransfer) && show(-1);
    const hover = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer) || !event.dataTransfer) return;
      event.preventDefault();
      show(-depth);
      void gather(event.dataTransfer).then(took, unreadable);
    };
    const paste = ({ clipboardData, target }: ClipboardEvent) => {
      const files = [...(clipboardData?.files ?? [])];
      if (files.length > 0 && !isTypedInto(target)) bringIn(files);
    };
    addEventListener("dragenter", enter);
    addEventListener("dragleave", leave);
    addEventListener("dragover", hover);
    addEventListener("drop", drop);
    addEventListener("paste", paste);
    return () => {
      removeEventListener("dragenter", enter);
      removeEventListener("dragleave", leave);
      removeEventListener("dragover", hover);
      removeEventListener("drop", drop);
      removeEventListener("paste", paste);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-background/85 p-6 backdrop-blur-sm">
      <div className="grid size-full place-content-center justify-items-center gap-3 rounded-xl border-2 border-dashed border-primary text-center">
        <ImageUp aria-hidden className="size-10 text-primary-text" />
        <p className="text-lg font-semibold">Drop to add to your library</p>
        <p className="text-sm text-muted-foreground">
          Pictures or whole folders. Prompts inside the files are read.
        </p>
      </div>
    </div>
  );
}

function took(files: File[]): void {
  if (files.length > 0) bringIn(files);
  else notify({ kind: "info", title: "There is no picture in what you dropped" });
}

function unreadable(): void {
  notify({
    kind: "error",
    title: "What you dropped could not be read",
    description: "Choose the files with the Upload button instead.",
  });
}

function isTypedInto(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, [contenteditable]");
}
