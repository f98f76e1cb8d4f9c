import { createFileRoute } from "@tanstack/react-router";
import { BareErrorScreen } from "@/app/screens";
import { findUser } from "@/features/accounts/session";
import { JoinPage } from "@/features/workspaces/join-page";

export const Route = createFileRoute("/join")({
  validateSearch: ({ token }: Record<string, unknown>): { token: string } => ({
    token: typeof token === "string" ? token : "",
  }),
  beforeLoad: async ({ context }) => ({ user: await findUser(context.queryClient) }),
  errorComponent: BareErrorScreen,
  component: JoinRoute,
});

function JoinRoute() {
  const { token } = Route.useSearch();
  const { user } = Route.useRouteContext();
  return <JoinPage token={token} user={user} />;
}
