import { Artwork } from "./artwork";

export type ShowcasePicture = {
  /** Name of the file in public/showcase/. */
  file: string;
  prompt: string;
  width: number;
  height: number;
};

const COLUMNS = 3;
const TALL = "aspect-[3/4]";
const WIDE = "aspect-square";

/** Six pictures in three shifted columns; drawn artwork stands in where none have been made yet. */
export function Showcase({ pictures }: { pictures: readonly ShowcasePicture[] }) {
  if (pictures.length < COLUMNS * 2) return <Artwork />;
  return (
    <ul className="grid grid-cols-3 gap-3 sm:gap-4">
      {Array.from({ length: COLUMNS }, (_, column) =>
        pictures.slice(column * 2, column * 2 + 2),
      ).map((pair, column) => (
        <li key={pair[0]?.file} className={column === 1 ? "pt-8 sm:pt-12" : ""}>
          <ul className="grid gap-3 sm:gap-4">
            {pair.map((picture, row) => (
              <li key={picture.file}>
                <img
                  src={`/showcase/${picture.file}`}
                  alt={picture.prompt}
                  width={picture.width}
                  height={picture.height}
                  fetchPriority={row === 0 ? "high" : "auto"}
                  className={`w-full rounded-xl border object-cover shadow-raised sm:rounded-2xl ${(column + row) % 2 === 0 ? TALL : WIDE}`}
                />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
