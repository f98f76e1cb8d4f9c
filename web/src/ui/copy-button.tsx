import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./button";
import { notify } from "./notify";

const SAID_MS = 1_500;

/** Puts text on the clipboard, also over plain HTTP, where browsers have no clipboard for pages. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr-only";
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  if (!done) throw new Error("The browser refused to copy.");
}

type CopyButtonProps = {
  text: string;
  /** What it copies, for those who see only the icon: "Copy the prompt". */
  label: string;
  /** Shown in place of the icon, as long as nothing was copied just now. */
  children?: ReactNode;
  className?: string;
};

/** An icon that copies a text and says that it did. */
export function CopyButton({ text, label, children, className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () =>
    copyText(text).then(
      () => setCopied(true),
      () => notify({ kind: "error", title: "The browser did not let Easel copy that" }),
    );
  return (
    <Button
      variant="ghost"
      size={children ? "sm" : "icon-sm"}
      aria-label={copied ? "Copied" : label}
      title={label}
      onClick={() => void copy()}
      {...(className && { className })}
    >
      {copied ? (
        <Check aria-hidden className="text-success-text" />
      ) : (
        (children ?? <Copy aria-hidden />)
      )}
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </Button>
  );
}
