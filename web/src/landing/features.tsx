import {
  Activity,
  HardDrive,
  Images,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Repeat,
} from "lucide-react";

const FEATURES: readonly { icon: LucideIcon; title: string; text: string }[] = [
  {
    icon: ListChecks,
    title: "A queue that forgets nothing",
    text: "What you ask for is written down before it is begun. A crash or a restart loses none of it.",
  },
  {
    icon: Activity,
    title: "Live, in every tab",
    text: "Queued, started, step by step, finished: pushed to the page as it happens, the same in all of your tabs.",
  },
  {
    icon: Images,
    title: "A gallery with a memory",
    text: "All your pictures in one place, each beside the words and the settings it came from.",
  },
  {
    icon: Repeat,
    title: "Same seed, same picture",
    text: "Change one thing and keep the rest. With the built-in engine a seed repeats to the last pixel.",
  },
  {
    icon: HardDrive,
    title: "Originals, byte for byte",
    text: "The file that was made is the file that you keep. Smaller copies are made beside it, never instead.",
  },
  {
    icon: KeyRound,
    title: "One program, one machine",
    text: "The database is in the box. Start Easel, open the page, sign up. Your pictures stay with you.",
  },
];

export function Features() {
  return (
    <section
      id="features"
      className="mx-auto w-full max-w-6xl scroll-mt-16 px-5 pt-16 sm:px-8 sm:pt-24"
    >
      <h2 className="max-w-xl text-3xl sm:text-4xl">Made for people who make many</h2>
      <ul className="mt-12 grid gap-x-10 gap-y-12 sm:grid-cols-2 lg:grid-cols-3">
        {FEATURES.map(({ icon: Icon, title, text }) => (
          <li key={title}>
            <Icon aria-hidden className="size-6 text-primary-text" strokeWidth={1.75} />
            <h3 className="mt-4 text-lg">{title}</h3>
            <p className="mt-1.5 text-muted-foreground">{text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
