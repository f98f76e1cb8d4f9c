import { toProblem } from "@/lib/problem";

export type User = {
  id: string;
  email: string;
  name: string;
  avatar_url: string | null;
  created_at: string;
};
export type Credentials = { email: string; password: string };

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api${path}`, {
    method,
    ...(body
      ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }
      : {}),
  }).catch(() => {
    throw toProblem(undefined);
  });
  const text = await response.text();
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  if (!response.ok) throw toProblem(answer, response);
  return answer as T;
}

export const register = (body: Credentials & { name: string }) =>
  send<{ user: User }>("POST", "/auth/register", body);
export const login = (body: Credentials) => send<{ user: User }>("POST", "/auth/login", body);
export const logout = () => send<void>("POST", "/auth/logout");
export const me = () => send<User>("GET", "/auth/me");
