/** What is shown in place of a page: while it loads, when it fails, when there is none. */
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { Compass, TriangleAlert, Users } from "lucide-react";
import { usePageTitle } from "@/lib/page-title";
import { Problem, reasonOf } from "@/lib/problem";
import { addressIn, PERSONAL } from "@/lib/workspace";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Spinner } from "@/ui/spinner";

export function PendingScreen() {
  return (
    <p
      role="status"
      className="flex items-center justify-center gap-2 p-16 text-sm text-muted-foreground"
    >
      <Spinner /> Loading the page…
    </p>
  );
}

export function ErrorScreen({ error, reset }: ErrorComponentProps) {
  usePageTitle("Something went wrong");
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <EmptyState
      icon={TriangleAlert}
      title="This page could not be shown"
      action={
        <div className="flex flex-wrap justify-center gap-3">
          <Button onClick={again}>Try again</Button>
          <Link to="/generate" className={buttonVariants({ variant: "secondary" })}>
            Go to Generate
          </Link>
        </div>
      }
    >
      <p role="alert">{reasonOf(error)}</p>
    </EmptyState>
  );
}

/** The same where the frame itself could not be shown, such as when the server cannot be reached. */
export function BareErrorScreen(props: ErrorComponentProps) {
  if (props.error instanceof Problem && props.error.code === "workspace_not_found")
    return <NoMember />;
  return (
    <main id="main">
      <h1 className="sr-only">Easel</h1>
      <ErrorScreen {...props} />
    </main>
  );
}

/** A link into a team that one is no member of, or not any more. */
function NoMember() {
  usePageTitle("Not a member");
  return (
    <main id="main">
      <EmptyState
        icon={Users}
        title="You are no member of this workspace"
        action={
          <a href={addressIn(PERSONAL)} className={buttonVariants()}>
            Go to your own workspace
          </a>
        }
      >
        It may be gone, or you are not in it any more. Ask one of its admins for an invitation.
      </EmptyState>
    </main>
  );
}

export function NotFoundScreen() {
  usePageTitle("Not found");
  return (
    <EmptyState
      icon={Compass}
      title="There is nothing here"
      action={
        <Link to="/generate" className={buttonVariants()}>
          Go to Generate
        </Link>
      }
    >
      The address may be mistyped, or what was here has been deleted.
    </EmptyState>
  );
}
