import { useQuery } from "@tanstack/react-query";
import { Lightbulb } from "lucide-react";
import { usageTipsOptions } from "@/api/@tanstack/react-query.gen";
import { formatCount, formatCredits, formatNumber } from "@/lib/format";
import { Card } from "@/ui/card";

/** What the last 30 days would have cost with other models. Silent where nothing costs anything. */
export function Tips() {
  const { data } = useQuery(usageTipsOptions());
  if (!data || data.images === 0 || !data.models.some(({ credits }) => credits > 0)) return null;
  return (
    <section aria-labelledby="usage-tips" className="grid gap-4">
      <div>
        <h2 id="usage-tips" className="text-lg">
          What would cost less
        </h2>
        <p className="mt-1 text-sm text-muted-foreground">
          {`From your ${formatCount(data.images, "picture")} of the last 30 days, at today's prices.`}
        </p>
      </div>
      {data.tips.map((tip) => (
        <Card key={tip.model} className="flex gap-3 p-4">
          <Lightbulb aria-hidden className="mt-0.5 size-5 shrink-0 text-warning-text" />
          <p>
            <strong className="font-semibold">{tip.instead_name}</strong>
            {`, of at least the same grade, would have cost ${formatNumber(tip.saved_percent)} % less than `}
            <strong className="font-semibold">{tip.name}</strong>
            {`: ${formatCredits(tip.instead_credits)} instead of ${formatCredits(tip.credits)}.`}
          </p>
        </Card>
      ))}
      <Card className="overflow-x-auto p-4 sm:px-6">
        <table className="w-full text-sm">
          <caption className="sr-only">All of it with each model that could have made it</caption>
          <thead className="border-b text-muted-foreground">
            <tr>
              <th scope="col" className="py-2 text-left font-medium">
                All of it with
              </th>
              <th scope="col" className="py-2 text-right font-medium">
                Quality
              </th>
              <th scope="col" className="py-2 text-right font-medium">
                Credits
              </th>
            </tr>
          </thead>
          <tbody className="divide-y">
            {data.models.map(({ model, name, quality, credits }) => (
              <tr key={model}>
                <th scope="row" className="py-2 text-left font-normal">
                  {name}
                </th>
                <td className="py-2 text-right tabular-nums">{`${quality} of 5`}</td>
                <td className="py-2 text-right tabular-nums">
                  {credits === 0 ? "Free" : formatCredits(credits)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </section>
  );
}
