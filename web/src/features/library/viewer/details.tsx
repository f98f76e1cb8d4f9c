import type { ReactNode } from "react";
import type { ImageOut } from "@/api/types.gen";
import { formatAgo, formatBytes, formatDateTime, formatDuration, formatNumber } from "@/lib/format";
import { CopyButton } from "@/ui/copy-button";

/** Everything that is known about a picture. */
export function Details({ image }: { image: ImageOut }) {
  const parameters = parametersOf(image);
  return (
    <div className="grid gap-6">
      <Section
        title="Prompt"
        aside={image.prompt ? <CopyButton text={image.prompt} label="Copy the prompt" /> : null}
      >
        <Words>{image.prompt || "None"}</Words>
      </Section>
      {image.negative_prompt ? (
        <Section
          title="Negative prompt"
          aside={<CopyButton text={image.negative_prompt} label="Copy the negative prompt" />}
        >
          <Words>{image.negative_prompt}</Words>
        </Section>
      ) : null}
      <Section title="Picture">
        <Facts facts={factsOf(image)} />
      </Section>
      {parameters.length > 0 ? (
        <Section
          title="Parameters"
          aside={
            <CopyButton
              text={JSON.stringify(image.parameters, null, 2)}
              label="Copy all parameters as JSON"
            />
          }
        >
          <Facts facts={parameters} />
        </Section>
      ) : null}
      {image.colors.length > 0 ? (
        <Section title="Colours">
          <ul className="flex flex-wrap gap-2">
            {image.colors.map((colour) => (
              <li key={colour}>
                <Swatch colour={colour} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </div>
  );
}

type SectionProps = { title: string; aside?: ReactNode; children: ReactNode };

function Section({ title, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className="grid gap-1.5">
      <div className="flex min-h-8 items-center justify-between">
        <h2 className="text-sm font-semibold tracking-normal">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

function Words({ children }: { children: ReactNode }) {
  return (
    <p className="text-sm leading-relaxed break-words whitespace-pre-wrap text-subtle-foreground">
      {children}
    </p>
  );
}

type Fact = { name: string; value: ReactNode; copy?: string };

function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className="divide-y rounded-xl border bg-card px-3.5">
      {facts.map(({ name, value, copy }) => (
        <div key={name} className="flex min-h-9 items-center gap-4 py-1.5 text-sm">
          <dt className="shrink-0 text-muted-foreground">{name}</dt>
          <dd className="ml-auto flex min-w-0 items-center gap-1 text-right font-mono text-xs">
            <span className="min-w-0 break-words">{value}</span>
            {copy ? (
              <CopyButton
                text={copy}
                label={`Copy the ${name.toLowerCase()}`}
                className="-my-1.5"
              />
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(image: ImageOut): Fact[] {
  const { model, model_version, parameters, seed, width, height, format, file_size } = image;
  const { generation_time, created_at, operation, cost_credits, deleted_at } = image;
  const style = typeof parameters.style === "string" ? parameters.style : null;
  return [
    { name: "Model", value: model },
    ...(model_version ? [{ name: "Version", value: model_version }] : []),
    { name: "Operation", value: operation },
    ...(style ? [{ name: "Style", value: style }] : []),
    ...(seed === null ? [] : [{ name: "Seed", value: String(seed), copy: String(seed) }]),
    { name: "Size", value: `${formatNumber(width)} × ${formatNumber(height)}` },
    { name: "File", value: `${format.toUpperCase()}, ${formatBytes(file_size)}` },
    ...(generation_time === null ? [] : [{ name: "Took", value: formatDuration(generation_time) }]),
    ...(cost_credits > 0 ? [{ name: "Cost", value: formatNumber(cost_credits) }] : []),
    { name: "Made", value: <Moment when={created_at} /> },
    ...(deleted_at ? [{ name: "Deleted", value: <Moment when={deleted_at} /> }] : []),
  ];
}

function Moment({ when }: { when: string }) {
  return (
    <time dateTime={when} title={formatAgo(when)}>
      {formatDateTime(when)}
    </time>
  );
}

/** "output_format" → "Output format". */
export function wordsOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The parameters that the facts of the picture do not show already. */
function parametersOf({ parameters, seed, width, height }: ImageOut): Fact[] {
  const said: Record<string, unknown> = { seed, width, height, style: parameters.style };
  return Object.entries(parameters)
    .filter(([name, value]) => value !== null && value !== "" && said[name] !== value)
    .map(([name, value]) => ({
      name: wordsOf(name),
      value: typeof value === "object" ? JSON.stringify(value) : String(value),
    }));
}

function Swatch({ colour }: { colour: string }) {
  return (
    <CopyButton text={colour} label={`Copy ${colour}`} className="border bg-card pl-1.5">
      <span
        aria-hidden
        className="size-5 rounded border border-foreground/15"
        style={{ backgroundColor: colour }}
      />
      <span className="font-mono text-xs">{colour}</span>
    </CopyButton>
  );
}
