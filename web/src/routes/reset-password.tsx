import { createFileRoute } from "@tanstack/react-router";
import { readMailSearch } from "@/features/accounts/mail-search";
import { ResetPasswordPage } from "@/features/accounts/reset-password-page";

export const Route = createFileRoute("/reset-password")({
  validateSearch: readMailSearch,
  component: ResetPasswordRoute,
});

function ResetPasswordRoute() {
  const { user_id, token } = Route.useSearch();
  return <ResetPasswordPage userId={user_id} token={token} />;
}
