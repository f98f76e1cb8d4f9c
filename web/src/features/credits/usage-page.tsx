import { usePageTitle } from "@/lib/page-title";
import { useBalance } from "./balance";
import { CreditHistory } from "./credit-history";
import { LimitsForm } from "./limits-form";
import { RangePicker } from "./range-picker";
import { Tips } from "./tips";
import { UsageNumbers } from "./usage-numbers";
import { useFollowedUsage } from "./usage-rows";
import { spanOf, type UsageSearch } from "./usage-search";
import { UsageRows } from "./usage-table";

type UsagePageProps = {
  search: UsageSearch;
  onSearch: (search: UsageSearch) => void;
};

/** What was made, what it took, what may still be spent. */
export function UsagePage({ search, onSearch }: UsagePageProps) {
  usePageTitle("Usage");
  const span = spanOf(search);
  const { data: balance } = useBalance();
  useFollowedUsage();
  return (
    <div className="mx-auto grid w-full max-w-5xl grid-cols-[minmax(0,1fr)] gap-8 p-4 sm:p-6 lg:p-8">
      <section aria-labelledby="usage-numbers" className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <h2 id="usage-numbers" className="sr-only">
          In numbers
        </h2>
        <RangePicker search={search} onSearch={onSearch} />
        <UsageNumbers span={span} balance={balance} />
      </section>
      <UsageRows
        first={balance?.billing === false ? "images" : "credits"}
        span={span}
        by={search.by}
        onBy={(by) => onSearch({ ...search, by })}
      />
      <Tips />
      <LimitsForm />
      {balance?.billing ? <CreditHistory /> : null}
    </div>
  );
}
