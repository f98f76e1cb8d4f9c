import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { acceptInvitationMutation } from "@/api/@tanstack/react-query.gen";
import { previewInvitation } from "@/api/sdk.gen";
import type { UserOut } from "@/api/types.gen";
import { AuthLayout } from "@/features/accounts/auth-layout";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { addressIn } from "@/lib/workspace";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { meaningOf } from "./levels";

type JoinPageProps = { token: string; user: UserOut | null };

/** What an invitation is for; joins, or sends strangers to sign up and back here. */
export function JoinPage({ token, user }: JoinPageProps) {
  usePageTitle("Join a team");
  const shown = useQuery({
    queryKey: ["invitation", token],
    queryFn: async () => (await previewInvitation({ body: { token }, throwOnError: true })).data,
  });
  const accept = useMutation(acceptInvitationMutation());
  const join = () =>
    accept.mutate(
      { body: { token } },
      { onSuccess: ({ id }) => location.assign(addressIn(id, "/images")) },
    );
  const next = `/app/join?token=${encodeURIComponent(token)}`;
  const { data } = shown;
  return (
    <AuthLayout
      title={data ? `Join ${data.team}` : "Join a team"}
      lead={data ? `${data.invited_by ?? "Somebody"} invites you.` : "You were sent an invitation."}
      footer={user ? `You are logged in as ${user.email}.` : null}
    >
      <div className="grid gap-5">
        {shown.isPending ? <Skeleton className="h-24" /> : null}
        {shown.isError ? (
          <Alert kind="error" title="This invitation cannot be used">
            {reasonOf(shown.error)}
          </Alert>
        ) : null}
        {accept.isError ? <Alert kind="error">{reasonOf(accept.error)}</Alert> : null}
        {data ? (
          <>
            <p>
              A team has one library for all of its members. With your level one{" "}
              {meaningOf(data.level)}.
            </p>
            {user ? (
              <Button onClick={join} working={accept.isPending && "Joining…"}>
                Join {data.team}
              </Button>
            ) : (
              <>
                <Link to="/sign-up" search={{ next }} className={buttonVariants()}>
                  Sign up to join
                </Link>
                <Link
                  to="/log-in"
                  search={{ next }}
                  className={buttonVariants({ variant: "secondary" })}
                >
                  I have an account
                </Link>
              </>
            )}
          </>
        ) : null}
      </div>
    </AuthLayout>
  );
}
