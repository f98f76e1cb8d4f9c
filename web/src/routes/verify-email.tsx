import { createFileRoute } from "@tanstack/react-router";
import { readMailSearch } from "@/features/accounts/mail-search";
import { VerifyEmailPage } from "@/features/accounts/verify-email-page";

export const Route = createFileRoute("/verify-email")({
  validateSearch: readMailSearch,
  component: VerifyEmailRoute,
});

function VerifyEmailRoute() {
  return <VerifyEmailPage {...Route.useSearch()} />;
}
