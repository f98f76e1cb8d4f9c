import { useCallback, useEffect, useRef, useState } from "react";
import type { Draft } from "./draft";
import { hasDraft, readDraft, writeDraft } from "./draft-storage";

const QUIET_MS = 300;

export type ChangeDraft = (change: (draft: Draft) => Draft) => void;

/**
 * The account's draft; what is typed is kept as soon as the typing pauses, and when the page is left. Third comes
 * whether one had been kept before.
 */
export function useDraft(account: string): [Draft, ChangeDraft, boolean] {
  const [begun] = useState(() => hasDraft(account));
  const [draft, setDraft] = useState(() => readDraft(account));
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
    const timer = setTimeout(() => writeDraft(account, draft), QUIET_MS);
    return () => clearTimeout(timer);
  }, [account, draft]);
  useEffect(() => {
    const keep = () => writeDraft(account, latest.current);
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
      keep();
    };
  }, [account]);
  return [draft, useCallback((change) => setDraft(change), []), begun];
}
