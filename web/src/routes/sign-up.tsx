import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { findSignInMethods, findUser } from "@/features/accounts/session";
import { SignUpPage } from "@/features/accounts/sign-up-page";
import { safeNext } from "@/lib/next-path";

export const Route = createFileRoute("/sign-up")({
  validateSearch: ({ next }: Record<string, unknown>): { next?: string | undefined } =>
    typeof next === "string" ? { next } : {},
  beforeLoad: async ({ context, search }) => {
    const user = await findUser(context.queryClient);
    if (user) throw redirect({ href: safeNext(search.next), replace: true });
  },
  loader: ({ context }) => findSignInMethods(context.queryClient),
  component: SignUpRoute,
});

function SignUpRoute() {
  const { next } = Route.useSearch();
  const { history } = useRouter();
  const onSignedIn = () => history.push(safeNext(next));
  return <SignUpPage next={next} methods={Route.useLoaderData()} onSignedIn={onSignedIn} />;
}
