import { useMutation } from "@tanstack/react-query";
import { resendVerificationMutation } from "@/api/@tanstack/react-query.gen";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";

/** Has the mail for confirming one's address sent once more. */
export function useSendAgain(email: string) {
  const send = useMutation({
    ...resendVerificationMutation(),
    onSuccess: () =>
      notify({
        kind: "success",
        title: "Mail sent again",
        description: `Look into the mailbox of ${email}, and into its spam folder.`,
      }),
    onError: (error) =>
      notify({ kind: "error", title: "The mail was not sent", description: reasonOf(error) }),
  });
  return { send: () => send.mutate({ body: {} }), sending: send.isPending };
}
