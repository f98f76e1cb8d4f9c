import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { emptyTrash } from "@/api/sdk.gen";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { notify } from "@/ui/notify";
import { refreshLists } from "../image-lists";
import { finished } from "./follow-job";

/** Removes all that is in the trash, after asking: there is no way back from that. */
export function EmptyTrash({ total }: { total: number }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [working, setWorking] = useState(false);
  const pictures = formatCount(total, "picture");
  const empty = async () => {
    setWorking(true);
    try {
      const { data } = await emptyTrash({ throwOnError: true });
      if (data.job_id) await finished(data.job_id);
      notify({ kind: "success", title: `${pictures} removed for good` });
    } catch (error) {
      notify({ kind: "error", title: "The trash was not emptied", description: reasonOf(error) });
    }
    setWorking(false);
    setAsking(false);
    refreshLists(client);
  };
  return (
    <>
      <Button variant="secondary" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden /> Empty the trash
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Empty the trash?"
        action={`Remove ${pictures}`}
        working={working && "Removing…"}
        onConfirm={() => void empty()}
      >
        {total === 1 ? "The picture in it is" : `The ${pictures} in it are`} removed for good, with
        all that is known of {total === 1 ? "it" : "them"}. This cannot be undone.
      </Confirm>
    </>
  );
}
