import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { BareErrorScreen } from "@/app/screens";
import { Shell } from "@/app/shell";
import { findUser } from "@/features/accounts/session";
import { findTeams } from "@/features/workspaces/acting";
import { addressIn, namesWorkspace, PERSONAL } from "@/lib/workspace";

export const Route = createFileRoute("/_studio")({
  beforeLoad: async ({ context, location, preload }) => {
    const user = await findUser(context.queryClient);
    if (!user)
      throw redirect({ to: "/log-in", search: { next: location.publicHref }, replace: true });
    // Addresses from before there were workspaces, and short ones, lead to one's own.
    if (!preload && !namesWorkspace())
      throw redirect({ href: addressIn(PERSONAL, location.href), replace: true });
    await findTeams(context.queryClient);
  },
  errorComponent: BareErrorScreen,
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
});
