/** Ending one session, or all others. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  endOtherSessionsMutation,
  endSessionMutation,
  listSessionsQueryKey,
} from "@/api/@tanstack/react-query.gen";
import type { SessionOut } from "@/api/types.gen";
import { Problem, reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { deviceOf } from "./device-name";

type Listeners = {
  /** The server has answered, for better or worse. */
  onEnd: () => void;
  /** The list is as it stands now. */
  onListed: () => void;
};

export function useEndSessions({ onEnd, onListed }: Listeners) {
  const client = useQueryClient();
  const one = useMutation(endSessionMutation());
  const others = useMutation(endOtherSessionsMutation());

  const told = async (title: string) => {
    onEnd();
    notify({ kind: "success", title });
    await client.invalidateQueries({ queryKey: listSessionsQueryKey() });
    onListed();
  };
  const refused = (error: unknown) => {
    onEnd();
    notify({ kind: "error", title: "Nothing was logged out", description: reasonOf(error) });
  };

  const end = (session: SessionOut | null) => {
    if (!session) {
      const onSuccess = () => told("Logged out everywhere else");
      others.mutate({}, { onSuccess, onError: refused });
      return;
    }
    const onSuccess = () => told(`${deviceOf(session.user_agent).name} is logged out`);
    const onError = (error: unknown) =>
      // It has ended by itself in the meantime, which is what was wanted.
      error instanceof Problem && error.status === 404 ? onSuccess() : refused(error);
    one.mutate({ path: { id: session.id } }, { onSuccess, onError });
  };

  return { end, working: one.isPending || others.isPending };
}
