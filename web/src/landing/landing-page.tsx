import { Mark } from "@/ui/logo";
import { QUESTIONS } from "./answers";
import { Features } from "./features";
import { Gallery, Showcase, type ShowcasePicture } from "./showcase";
import { Steps } from "./steps";

const SIGN_UP = "/app/sign-up";
const LOG_IN = "/app/log-in";
const button =
  "inline-flex items-center justify-center rounded-lg font-medium transition-colors duration-200 ease-studio";
const primary = `${button} bg-primary text-primary-foreground shadow-card hover:bg-primary-hover`;
const secondary = `${button} border bg-card text-foreground shadow-card hover:bg-accent`;
const width = "mx-auto w-full max-w-6xl px-5 sm:px-8";

export function LandingPage({ pictures }: { pictures: readonly ShowcasePicture[] }) {
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-2 z-20 -translate-y-16 rounded-lg bg-primary px-4 py-2 text-primary-foreground focus:translate-y-0"
      >
        Skip to the page
      </a>
      <Top />
      <main id="main">
        <Hero pictures={pictures} />
        <Steps />
        <Gallery pictures={pictures} />
        <Features />
        <Sketch />
        <Questions />
        <Begin />
      </main>
      <Bottom />
    </>
  );
}

function Top() {
  return (
    <header className="sticky top-0 z-10 border-b border-transparent bg-background/90 backdrop-blur">
      <div className={`${width} flex h-16 items-center gap-2 sm:gap-6`}>
        <a
          href="/"
          className="mr-auto flex items-center gap-2.5 rounded-lg text-lg font-bold tracking-tight"
        >
          <Mark /> Easel
        </a>
        <nav
          aria-label="On this page"
          className="hidden gap-6 text-sm text-muted-foreground md:flex"
        >
          <a className="rounded transition-colors hover:text-foreground" href="#how">
            How it works
          </a>
          <a className="rounded transition-colors hover:text-foreground" href="#gallery">
            Gallery
          </a>
          <a className="rounded transition-colors hover:text-foreground" href="#features">
            Features
          </a>
          <a className="rounded transition-colors hover:text-foreground" href="#questions">
            Questions
          </a>
        </nav>
        <a href={LOG_IN} className={`${button} h-10 px-3 text-sm hover:bg-accent`}>
          Log in
        </a>
        <a href={SIGN_UP} className={`${primary} h-10 px-4 text-sm`}>
          Sign up
        </a>
      </div>
    </header>
  );
}

function Hero({ pictures }: { pictures: readonly ShowcasePicture[] }) {
  return (
    <section
      className={`${width} grid items-center gap-12 pt-10 pb-20 sm:pt-16 lg:grid-cols-[1.05fr_1fr] lg:gap-16 lg:pb-28`}
    >
      <div>
        <p className="inline-flex items-center gap-2 rounded-full border px-3 py-1 text-sm text-muted-foreground">
          <span aria-hidden className="size-2 rounded-full bg-highlight" />
          Hosted by you, on your own machine
        </p>
        <h1 className="mt-6 text-4xl leading-[1.08] font-extrabold tracking-[-0.035em] sm:text-6xl">
          A sentence in.
          <br />A picture <span className="text-primary-text">to keep.</span>
        </h1>
        <p className="mt-6 max-w-xl text-lg text-muted-foreground">
          Easel is a design studio for pictures made from words. Write what you want to see, watch
          it being drawn step by step, and keep every result together with all it takes to make it
          again.
        </p>
        <div className="mt-9 flex flex-wrap gap-3">
          <a href={SIGN_UP} className={`${primary} h-12 px-6`}>
            Make your first picture
          </a>
          <a href={LOG_IN} className={`${secondary} h-12 px-6`}>
            Log in
          </a>
        </div>
        <p className="mt-5 text-sm text-muted-foreground">
          Works at once with the built-in engine: no key, no graphics card, no charge.
        </p>
      </div>
      <Showcase pictures={pictures} />
    </section>
  );
}

function Sketch() {
  return (
    <section className={`${width} py-16 sm:py-24`}>
      <div className="grid gap-8 rounded-3xl bg-primary-soft p-8 sm:p-12 lg:grid-cols-[1fr_1.2fr] lg:gap-16">
        <div>
          <h2 className="text-3xl text-primary-soft-foreground sm:text-4xl">
            Sketch, the engine in the box
          </h2>
        </div>
        <div className="grid gap-4 text-lg">
          <p>
            Sketch draws from your prompt by procedure. It is <strong>not an AI model</strong>, and
            Easel says so wherever it shows one of its pictures.
          </p>
          <p>
            What it gives you is a studio that works in its first minute: well under a second for a
            picture, real progress on the way, and the same pixels whenever you use the same seed.
          </p>
        </div>
      </div>
    </section>
  );
}

function Questions() {
  return (
    <section id="questions" className="scroll-mt-16 border-t bg-subtle py-16 sm:py-24">
      <div className={`${width} grid gap-10 lg:grid-cols-[1fr_1.8fr] lg:gap-16`}>
        <h2 className="text-3xl sm:text-4xl">Good questions</h2>
        <div className="divide-y border-y">
          {QUESTIONS.map(({ question, answer }) => (
            <details key={question} className="group">
              <summary className="flex list-none items-center justify-between gap-6 py-5 font-semibold [&::-webkit-details-marker]:hidden">
                {question}
                <span
                  aria-hidden
                  className="text-2xl leading-none font-light text-muted-foreground transition-transform duration-200 ease-studio group-open:rotate-45"
                >
                  +
                </span>
              </summary>
              <p className="max-w-2xl pb-6 text-muted-foreground">{answer}</p>
            </details>
          ))}
        </div>
      </div>
    </section>
  );
}

function Begin() {
  return (
    <section className={`${width} grid justify-items-center py-24 text-center sm:py-32`}>
      <h2 className="max-w-2xl text-4xl sm:text-5xl">What would you like to see?</h2>
      <p className="mt-4 text-lg text-muted-foreground">It takes an account and one sentence.</p>
      <a href={SIGN_UP} className={`${primary} mt-8 h-12 px-6`}>
        Sign up
      </a>
    </section>
  );
}

function Bottom() {
  return (
    <footer className="border-t">
      <div
        className={`${width} flex flex-wrap items-center gap-x-6 gap-y-3 py-8 text-sm text-muted-foreground`}
      >
        <span className="mr-auto flex items-center gap-2">
          <Mark className="size-6" /> Easel, open source under the MIT licence
        </span>
        <a className="rounded hover:text-foreground" href={SIGN_UP}>
          Sign up
        </a>
        <a className="rounded hover:text-foreground" href={LOG_IN}>
          Log in
        </a>
      </div>
    </footer>
  );
}
