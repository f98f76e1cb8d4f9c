import type { ReactNode } from "react";

/** From a sentence to a kept picture, in three small scenes. */
export function Steps() {
  return (
    <section id="how" className="scroll-mt-16 border-y bg-subtle py-16 sm:py-24">
      <div className="mx-auto w-full max-w-6xl px-5 sm:px-8">
        <h2 className="max-w-xl text-3xl sm:text-4xl">
          From a sentence to a picture you can find again
        </h2>
        <ol className="mt-12 grid gap-10 md:grid-cols-3 md:gap-8">
          <Step number={1} title="Write" scene={<Prompt />}>
            Say what you want to see. Choose a shape and how many, or leave everything as it is.
          </Step>
          <Step number={2} title="Watch" scene={<Drawing />}>
            Your place in the queue, then each step as it is drawn. The bar shows real progress,
            never a guess.
          </Step>
          <Step number={3} title="Keep" scene={<Recipe />}>
            Every picture lands in your gallery with its prompt, seed and settings, ready to be made
            again.
          </Step>
        </ol>
      </div>
    </section>
  );
}

type StepProps = { number: number; title: string; scene: ReactNode; children: ReactNode };

function Step({ number, title, scene, children }: StepProps) {
  return (
    <li className="grid grid-rows-[11rem_auto] gap-6">
      <div aria-hidden className="grid content-center rounded-2xl border bg-card p-6 shadow-card">
        {scene}
      </div>
      <div>
        <h3 className="text-xl">
          <span className="mr-2 font-mono text-base font-medium text-primary-text">{number}</span>
          {title}
        </h3>
        <p className="mt-2 text-muted-foreground">{children}</p>
      </div>
    </li>
  );
}

function Prompt() {
  return (
    <p className="text-lg leading-relaxed font-medium">
      A harbour at dusk, violet sky, one lamp lit on the pier
      <span className="ml-1 inline-block h-5 w-0.5 translate-y-1 bg-primary" />
    </p>
  );
}

function Drawing() {
  return (
    <div className="grid gap-3">
      <div className="flex justify-between text-sm">
        <span className="font-medium">Drawing</span>
        <span className="font-mono text-muted-foreground">14 / 20</span>
      </div>
      <div className="h-2 overflow-hidden rounded-full bg-muted">
        <div className="h-full w-[70%] rounded-full bg-primary" />
      </div>
      <p className="text-sm text-muted-foreground">Next in the queue: 2 more</p>
    </div>
  );
}

const RECIPE = [
  ["seed", "184 207"],
  ["size", "1024 × 768"],
  ["steps", "20"],
  ["engine", "Sketch"],
] as const;

function Recipe() {
  return (
    <dl className="grid gap-1.5 font-mono text-sm">
      {RECIPE.map(([name, value]) => (
        <div
          key={name}
          className="flex justify-between border-b border-dashed pb-1.5 last:border-0 last:pb-0"
        >
          <dt className="text-muted-foreground">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
