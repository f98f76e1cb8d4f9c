import { Artwork } from "./artwork";

export type ShowcasePicture = {
  /** Names of the files in public/showcase/: the picture, and the same at half its width. */
  file: string;
  small: string;
  prompt: string;
  style: string;
  width: number;
  height: number;
};

/** So many stand beside the first words; the others are for the gallery. */
const COLLAGE = 4;
const COLLAGE_SIZES = "(min-width: 1024px) 16rem, 46vw";
const GALLERY_SIZES = "(min-width: 768px) 24rem, 92vw";

export const inCollage = (pictures: readonly ShowcasePicture[]) => pictures.slice(0, COLLAGE);
export const inGallery = (pictures: readonly ShowcasePicture[]) => pictures.slice(COLLAGE);

export function sourcesOf({ file, small, width }: ShowcasePicture): string {
  return `/showcase/${small} ${Math.round(width / 2)}w, /showcase/${file} ${width}w`;
}

/** The browser is to begin with this one before it has read the page. */
export function PreloadCover({ picture }: { picture: ShowcasePicture }) {
  return (
    <link
      rel="preload"
      as="image"
      href={`/showcase/${picture.small}`}
      imageSrcSet={sourcesOf(picture)}
      imageSizes={COLLAGE_SIZES}
      fetchPriority="high"
    />
  );
}

/** Four pictures in two shifted columns; drawn artwork stands in where none have been made yet. */
export function Showcase({ pictures }: { pictures: readonly ShowcasePicture[] }) {
  const shown = inCollage(pictures);
  if (shown.length < COLLAGE) return <Artwork />;
  const columns = [shown.slice(0, 2), shown.slice(2)];
  return (
    <figure>
      <div className="grid grid-cols-2 items-start gap-3 sm:gap-5">
        {columns.map((column, index) => (
          <div
            key={column[0]?.file}
            className={`grid gap-3 sm:gap-5 ${index === 1 ? "pt-10 sm:pt-16" : ""}`}
          >
            {column.map((picture) => (
              <Picture
                key={picture.file}
                picture={picture}
                sizes={COLLAGE_SIZES}
                first={picture === shown[0]}
                lazy={false}
              />
            ))}
          </div>
        ))}
      </div>
      <figcaption className="mt-4 text-sm text-muted-foreground">
        Drawn by Sketch, the engine in the box. It is not an AI model.
      </figcaption>
    </figure>
  );
}

/** The widths in a row of equal heights, by shape. */
const SHARES: readonly [number, string][] = [
  [2, "md:flex-[2.33]"],
  [1.6, "md:flex-[1.778]"],
  [1.4, "md:flex-[1.5]"],
  [1.2, "md:flex-[1.333]"],
  [0.9, "md:flex-1"],
  [0.77, "md:flex-[0.8]"],
  [0, "md:flex-[0.667]"],
];

function shareOf({ width, height }: ShowcasePicture): string {
  return SHARES.find(([least]) => width / height >= least)?.[1] ?? "";
}

/** A row of finished pictures with the words they came from. */
export function Gallery({ pictures }: { pictures: readonly ShowcasePicture[] }) {
  const shown = inGallery(pictures);
  if (shown.length === 0) return null;
  return (
    <section id="gallery" aria-labelledby="gallery-title" className="scroll-mt-16 pt-16 sm:pt-24">
      <div className="mx-auto w-full max-w-6xl px-5 sm:px-8">
        <h2 id="gallery-title" className="max-w-xl text-3xl sm:text-4xl">
          The words are the recipe
        </h2>
        <p className="mt-4 max-w-2xl text-lg text-muted-foreground">
          Each of these came from the built-in engine and the sentence under it, in one of twenty
          styles.
        </p>
        <ul className="mt-10 grid gap-6 sm:grid-cols-2 md:flex md:items-start">
          {shown.map((picture) => (
            <li key={picture.file} className={`min-w-0 ${shareOf(picture)}`}>
              <figure>
                <Picture picture={picture} sizes={GALLERY_SIZES} first={false} lazy />
                <figcaption className="mt-3 text-sm">
                  {picture.prompt}
                  <span className="block text-muted-foreground">
                    {picture.style.replaceAll("-", " ")}
                  </span>
                </figcaption>
              </figure>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

type PictureProps = { picture: ShowcasePicture; sizes: string; first: boolean; lazy: boolean };

function Picture({ picture, sizes, first, lazy }: PictureProps) {
  return (
    <img
      src={`/showcase/${picture.small}`}
      srcSet={sourcesOf(picture)}
      sizes={sizes}
      alt={picture.prompt}
      width={picture.width}
      height={picture.height}
      fetchPriority={first ? "high" : undefined}
      loading={lazy ? "lazy" : undefined}
      decoding={lazy ? "async" : undefined}
      className="h-auto w-full rounded-xl bg-muted shadow-raised sm:rounded-2xl"
    />
  );
}
