import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { BareErrorScreen } from "@/app/screens";
import { Shell } from "@/app/shell";
import { findUser } from "@/features/accounts/session";

export const Route = createFileRoute("/_studio")({
  beforeLoad: async ({ context, location }) => {
    const user = await findUser(context.queryClient);
    if (!user)
      throw redirect({ to: "/log-in", search: { next: location.publicHref }, replace: true });
  },
  errorComponent: BareErrorScreen,
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
});
