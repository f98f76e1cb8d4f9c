import { lazy, Suspense } from "react";
import { Loading, WithSource } from "./mask-source";

const OutpaintEditor = lazy(() =>
  import("./outpaint-editor").then((module) => ({ default: module.OutpaintEditor })),
);

/** The page on which a picture grows, once there is one. */
export function OutpaintPage({ id }: { id: string }) {
  return (
    <WithSource id={id} title="Extend">
      {(image) => (
        <Suspense fallback={<Loading />}>
          <OutpaintEditor key={`${image.id} ${image.width} ${image.height}`} image={image} />
        </Suspense>
      )}
    </WithSource>
  );
}
