/** Taking a passkey away. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { listPasskeysQueryKey, removePasskeyMutation } from "@/api/@tanstack/react-query.gen";
import type { PasskeyOut } from "@/api/types.gen";
import { Problem, reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";

export function useRemovePasskey(onEnd: () => void) {
  const client = useQueryClient();
  const mutation = useMutation(removePasskeyMutation());
  const remove = (passkey: PasskeyOut) => {
    const gone = () => {
      onEnd();
      notify({ kind: "success", title: `${passkey.name} is removed` });
      void client.invalidateQueries({ queryKey: listPasskeysQueryKey() });
    };
    mutation.mutate(
      { path: { id: passkey.id } },
      {
        onSuccess: gone,
        onError: (error) => {
          // Another tab was quicker, which is what was wanted.
          if (error instanceof Problem && error.status === 404) return gone();
          onEnd();
          notify({ kind: "error", title: "Nothing was removed", description: reasonOf(error) });
        },
      },
    );
  };
  return { remove, working: mutation.isPending };
}
