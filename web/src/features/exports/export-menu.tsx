import { useMutation } from "@tanstack/react-query";
import { Braces, Download, FileArchive, Sheet } from "lucide-react";
import { Button } from "@/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/ui/menu";
import { Spinner } from "@/ui/spinner";
import { downloadMetadata, downloadZip, type Source } from "./download";

type ExportMenuProps = {
  /** What the menu is about, at the moment of choosing. */
  source: () => Source | null;
  variant?: "secondary" | "ghost";
  side?: "top" | "bottom";
};

/** Pictures as a ZIP, or what is known of them as a table. */
export function ExportMenu({ source, variant = "secondary", side = "bottom" }: ExportMenuProps) {
  const zip = useMutation({ mutationFn: downloadZip });
  const label = zip.isPending ? "Download; a ZIP is being prepared" : "Download";
  const download = () => {
    const chosen = source();
    if (chosen) zip.mutate(chosen);
  };
  const records = (format: "csv" | "json") => {
    const chosen = source();
    if (chosen) void downloadMetadata(chosen, format);
  };
  return (
    <Menu>
      <MenuTrigger
        render={
          <Button
            variant={variant}
            size="icon"
            aria-label={label}
            title={label}
            aria-busy={zip.isPending}
          >
            {zip.isPending ? <Spinner /> : <Download aria-hidden />}
          </Button>
        }
      />
      <MenuContent side={side}>
        <MenuItem disabled={zip.isPending} onClick={download}>
          <FileArchive aria-hidden /> {zip.isPending ? "Preparing a ZIP…" : "Download ZIP"}
        </MenuItem>
        <MenuSeparator />
        <MenuItem onClick={() => records("csv")}>
          <Sheet aria-hidden /> Metadata as CSV
        </MenuItem>
        <MenuItem onClick={() => records("json")}>
          <Braces aria-hidden /> Metadata as JSON
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
