import { useQuery } from "@tanstack/react-query";
import { MailWarning } from "lucide-react";
import { signInOptionsOptions } from "@/api/@tanstack/react-query.gen";
import { Button } from "@/ui/button";
import { useSendAgain } from "./send-again";
import { sessionQuery, useUser } from "./session";

/** Asks for the confirmation of one's address, where the studio can send mail at all. */
export function UnverifiedBanner() {
  const { email } = useUser();
  const options = useQuery({ ...signInOptionsOptions(), staleTime: Number.POSITIVE_INFINITY });
  // Whoever comes back from the mailbox, by way of another tab, has confirmed it perhaps.
  useQuery({ ...sessionQuery, staleTime: 0, refetchOnMount: false, refetchOnWindowFocus: true });
  const { send, sending } = useSendAgain(email);
  if (!options.data?.mail) return null;
  return (
    <section
      aria-label="Your address is not confirmed"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-warning/40 bg-warning-soft px-4 py-2.5 text-sm text-warning-text sm:px-6"
    >
      <p className="flex min-w-0 flex-1 basis-64 items-start gap-2.5">
        <MailWarning aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="wrap-anywhere">
          Confirm <strong className="font-semibold">{email}</strong> by the link in the mail that we
          sent{options.data.verified_email_required ? "; then you can generate" : ""}.
        </span>
      </p>
      <Button size="sm" variant="secondary" working={sending && "Sending…"} onClick={send}>
        Send again
      </Button>
    </section>
  );
}
