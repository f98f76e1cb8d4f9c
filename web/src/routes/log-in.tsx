import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { takeBegun } from "@/features/accounts/begun";
import { LogInPage } from "@/features/accounts/log-in-page";
import { readRefusal } from "@/features/accounts/refusals";
import { findSignInMethods, findUser } from "@/features/accounts/session";
import { safeNext } from "@/lib/next-path";

type LogInSearch = { next?: string | undefined; refused?: string; provider?: string };

export const Route = createFileRoute("/log-in")({
  validateSearch: (search: Record<string, unknown>): LogInSearch => ({
    ...(typeof search.next === "string" ? { next: search.next } : {}),
    ...readRefusal(search),
  }),
  beforeLoad: async ({ context, search }) => {
    const user = await findUser(context.queryClient);
    if (user) throw redirect({ href: safeNext(search.next), replace: true });
  },
  loader: ({ context }) => findSignInMethods(context.queryClient),
  component: LogInRoute,
});

function LogInRoute() {
  const { next, refused } = Route.useSearch();
  const { history } = useRouter();
  const [begun] = useState(takeBegun);
  return (
    <LogInPage
      next={next}
      methods={Route.useLoaderData()}
      refused={refused}
      begun={begun}
      onSignedIn={() => history.push(safeNext(next))}
    />
  );
}
