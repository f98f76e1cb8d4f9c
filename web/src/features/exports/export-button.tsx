import { type ComponentProps, lazy, Suspense } from "react";

const ExportMenu = lazy(() =>
  import("./export-menu").then((module) => ({ default: module.ExportMenu })),
);

/** Opens the menu of downloads, whose code comes behind the page's. */
export function ExportButton(props: ComponentProps<typeof ExportMenu>) {
  return (
    <Suspense fallback={<span className="size-10" />}>
      <ExportMenu {...props} />
    </Suspense>
  );
}
