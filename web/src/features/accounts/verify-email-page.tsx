import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { verifyEmail } from "@/api/sdk.gen";
import { usePageTitle } from "@/lib/page-title";
import { Problem, reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Spinner } from "@/ui/spinner";
import { AuthLayout } from "./auth-layout";
import type { MailSearch } from "./mail-search";
import { sessionQuery } from "./session";

/** Where the mailed link leads: the address is confirmed as the page opens. */
export function VerifyEmailPage({ user_id = "", token = "", result }: MailSearch) {
  usePageTitle("Confirm address");
  const client = useQueryClient();
  const session = useQuery(sessionQuery);
  const asked = Boolean(user_id && token);
  // A query and not a mutation: however often the page is drawn, a link is brought back once.
  const verified = useQuery({
    queryKey: ["verify-email", user_id, token],
    queryFn: async () => {
      const { data } = await verifyEmail({ body: { user_id, token }, throwOnError: true });
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      return data;
    },
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const used = result === "bad_mail_token" || codeOf(verified.error) === "bad_mail_token";
  const done =
    result === "verified" || verified.isSuccess || (used && session.data?.email_verified === true);
  return (
    <AuthLayout
      title={done ? "Address confirmed" : "Confirm your address"}
      lead={done ? "Thank you; that is all." : "So that mail reaches you, and nobody else."}
      footer={
        <Link to="/generate" className={buttonVariants({ variant: "link" })}>
          Go to the studio
        </Link>
      }
    >
      {done ? (
        <Alert kind="success">
          {verified.data
            ? `${verified.data.email} is confirmed.`
            : "Your e-mail address is confirmed."}
        </Alert>
      ) : asked && verified.isPending ? (
        <p role="status" className="flex items-center gap-2 text-sm text-muted-foreground">
          <Spinner /> Confirming your address…
        </p>
      ) : used ? (
        <Alert kind="error" title="This link is not good any more">
          It was used before, is too old, or a newer one took its place. Log in to have another one
          sent.
        </Alert>
      ) : result === "email_taken" ? (
        <Alert kind="error">Another account has got this address meanwhile.</Alert>
      ) : verified.error ? (
        <Alert
          kind="error"
          action={
            <Button size="sm" variant="secondary" onClick={() => void verified.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(verified.error)}
        </Alert>
      ) : (
        <Alert kind="info">Open the link in the mail that you got.</Alert>
      )}
    </AuthLayout>
  );
}

function codeOf(error: unknown): string {
  if (!(error instanceof Problem)) return "";
  // A link that was cut off names no user any more.
  return error.code === "invalid_input" ? "bad_mail_token" : error.code;
}
