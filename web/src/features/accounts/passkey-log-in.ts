/** Logging in by a passkey alone: by a button, or among what the browser fills into the field for the e-mail. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { Problem } from "@/lib/problem";
import { logInByPasskey, passkeyReason, passkeysFillIn } from "./passkey";
import { begin } from "./session";

/** Less than the server keeps a question open. */
const ASK_AGAIN_MS = 4 * 60_000;

export function usePasskeyLogIn(onSignedIn: () => void) {
  const client = useQueryClient();
  const [working, setWorking] = useState<string | false>(false);
  const [error, setError] = useState<string | null>(null);
  const offer = useRef<AbortController | null>(null);
  const done = useRef(onSignedIn);
  done.current = onSignedIn;

  /** Browsers answer one question at a time, and this one waits until the person looks at the field. */
  const offerInField = useCallback(async () => {
    const asking = new AbortController();
    offer.current?.abort();
    offer.current = asking;
    if (!(await passkeysFillIn()) || asking.signal.aborted) return;
    const timer = setTimeout(() => void offerInField(), ASK_AGAIN_MS);
    try {
      const user = await logInByPasskey({ mediation: "conditional", signal: asking.signal });
      begin(client, user);
      done.current();
    } catch (reason) {
      // Nobody has asked for anything yet: only what the server said about a chosen passkey is worth telling.
      if (reason instanceof Problem && reason.status === 401) setError(passkeyReason(reason));
    } finally {
      clearTimeout(timer);
    }
  }, [client]);

  useEffect(() => {
    void offerInField();
    return () => offer.current?.abort();
  }, [offerInField]);

  const use = async () => {
    offer.current?.abort();
    setWorking("Waiting for the passkey…");
    setError(null);
    try {
      begin(client, await logInByPasskey());
      onSignedIn();
    } catch (reason) {
      setError(passkeyReason(reason));
      void offerInField();
    } finally {
      setWorking(false);
    }
  };
  return { use: () => void use(), working, error };
}
