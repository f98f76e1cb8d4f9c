/** One cache for what the server said. Server state lives here and nowhere else. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

const ATTEMPTS = 2;

declare module "@tanstack/react-query" {
  interface Register {
    /** anonymous: a 401 is an answer here, and does not mean that the session is over. */
    mutationMeta: { anonymous?: boolean };
  }
}

/** `onSignedOut` is called when any request finds that the session is over. */
export function createQueryClient(onSignedOut: () => void = () => {}): QueryClient {
  const watch = (error: unknown) => {
    if (error instanceof Problem && error.status === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.anonymous) watch(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < ATTEMPTS && mayPass(error),
      },
      mutations: { retry: false },
    },
  });
}

/** Whether asking again could help: the server was unreachable, overloaded or broken, and did not refuse. */
export function mayPass(error: unknown): boolean {
  return (
    error instanceof Problem && (error.status === 0 || error.status === 429 || error.status >= 500)
  );
}
