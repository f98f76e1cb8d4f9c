import { Copy, Download } from "lucide-react";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";

/** Recovery codes, to be kept now: they are never shown again. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  const text = `${codes.join("\n")}\n`;
  return (
    <div className="grid gap-4">
      <Alert kind="warning" title="Keep these codes now">
        They are shown this once. Each lets you in once if you lose your authenticator app.
      </Alert>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-lg bg-surface p-4 font-mono text-sm min-[26rem]:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} label="Copy the codes">
          <Copy aria-hidden /> Copy
        </CopyButton>
        <Button size="sm" variant="ghost" onClick={() => download(text)}>
          <Download aria-hidden /> Download
        </Button>
      </div>
    </div>
  );
}

function download(text: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = "easel-recovery-codes.txt";
  link.click();
  // The browser has the file's address by then; a moment later nobody needs it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
