import { lazy, Suspense } from "react";
import { Loading, WithSource } from "./mask-source";

const MaskEditor = lazy(() =>
  import("./mask-editor").then((module) => ({ default: module.MaskEditor })),
);

/** The page of the mask editor, which comes once there is a picture to paint on. */
export function InpaintPage({ id }: { id: string }) {
  return (
    <WithSource id={id} title="Change a part">
      {(image) => (
        <Suspense fallback={<Loading />}>
          {/* Of another size after an edit: another mask. */}
          <MaskEditor key={`${image.id} ${image.width} ${image.height}`} image={image} />
        </Suspense>
      )}
    </WithSource>
  );
}
