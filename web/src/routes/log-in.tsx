import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { LogInPage } from "@/features/accounts/log-in-page";
import { findUser } from "@/features/accounts/session";
import { safeNext } from "@/lib/next-path";

export const Route = createFileRoute("/log-in")({
  validateSearch: ({ next }: Record<string, unknown>): { next?: string | undefined } =>
    typeof next === "string" ? { next } : {},
  beforeLoad: async ({ context, search }) => {
    const user = await findUser(context.queryClient);
    if (user) throw redirect({ href: safeNext(search.next), replace: true });
  },
  component: LogInRoute,
});

function LogInRoute() {
  const { next } = Route.useSearch();
  const { history } = useRouter();
  return <LogInPage next={next} onSignedIn={() => history.push(safeNext(next))} />;
}
