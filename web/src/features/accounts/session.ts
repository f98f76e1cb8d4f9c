/** Who is signed in. The cookie is the browser's alone; the studio knows only what GET /api/auth/me answers. */
import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import {
  listSignInMethodsOptions,
  loginByCodeMutation,
  loginMutation,
  logoutMutation,
  registerMutation,
} from "@/api/@tanstack/react-query.gen";
import { me } from "@/api/sdk.gen";
import type { SecondFactorNeededOut, SignedIn, SignInMethods, UserOut } from "@/api/types.gen";
import { Problem } from "@/lib/problem";
import { readStored, writeStored } from "@/lib/stored";

const CHANGED = "session-changed";

/** The user, or null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: askWho,
  staleTime: 5 * 60_000,
});

async function askWho(): Promise<UserOut | null> {
  try {
    const { data } = await me({ throwOnError: true });
    return data;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** How people sign in here; undefined when the server does not say, which must not keep anyone out. */
export function findSignInMethods(client: QueryClient): Promise<SignInMethods | undefined> {
  return client.ensureQueryData(listSignInMethodsOptions()).catch(() => undefined);
}

export function findUser(client: QueryClient): Promise<UserOut | null> {
  return client.ensureQueryData({ ...sessionQuery, revalidateIfStale: true });
}

/** The signed-in user; only below a route that has made sure there is one. */
export function useUser(): UserOut {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error("useUser needs a signed-in user.");
  return data;
}

/** What stands between a right password and the studio. */
export type SecondFactor = SecondFactorNeededOut;

export function begin(client: QueryClient, user: UserOut): void {
  client.clear();
  client.setQueryData(sessionQuery.queryKey, user);
  writeStored(CHANGED, String(Date.now()));
}

export function useLogIn() {
  const client = useQueryClient();
  return useMutation({
    ...loginMutation(),
    meta: { anonymous: true },
    onSuccess: (answer: SignedIn | SecondFactor) => {
      if ("user" in answer) begin(client, answer.user);
    },
  });
}

/** The second step of a log-in, by the app's code or a recovery code. */
export function useLogInByCode() {
  const client = useQueryClient();
  return useMutation({
    ...loginByCodeMutation(),
    meta: { anonymous: true },
    onSuccess: ({ user }) => begin(client, user),
  });
}

export function useRegister() {
  const client = useQueryClient();
  return useMutation({ ...registerMutation(), onSuccess: ({ user }) => begin(client, user) });
}

/** Ends the session and loads the log-in page anew, so that nothing of the user stays in memory. */
export function useLogOut() {
  return useMutation({
    ...logoutMutation(),
    onSuccess: () => {
      writeStored(CHANGED, String(Date.now()));
      location.assign("/app/log-in");
    },
  });
}

/** For when a request was refused as not signed in: asks whether that is so, then leaves for the log-in page. */
export async function leaveIfSignedOut(): Promise<void> {
  const user = await askWho();
  if (user) return;
  const here = location.pathname + location.search + location.hash;
  location.assign(`/app/log-in?next=${encodeURIComponent(here)}`);
}

/** Loads the page anew when another tab signed someone else in, or this user out. */
export function followSession(client: QueryClient): void {
  let last = readStored(CHANGED);
  addEventListener("storage", async () => {
    const now = readStored(CHANGED);
    if (now === last) return;
    last = now;
    const before = client.getQueryData(sessionQuery.queryKey);
    const user = await askWho();
    if (before !== undefined && user?.id !== before?.id) location.reload();
  });
}
