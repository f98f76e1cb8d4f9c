import { usePageTitle } from "@/lib/page-title";

export function GeneratePage() {
  usePageTitle("Generate");
  return <h2 className="p-6 text-xl">What would you like to see?</h2>;
}
