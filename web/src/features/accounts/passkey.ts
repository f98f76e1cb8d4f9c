/** Passkeys as browsers have them (WebAuthn, with its own JSON): what the server asks, and what the browser answers. */
import {
  loginByPasskey,
  loginByPasskeyFactor,
  passkeyFactorOptions,
  passkeyLoginOptions,
  passkeyRegistrationOptions,
  registerPasskey,
} from "@/api/sdk.gen";
import type { CredentialIn, NewCredentialIn, PasskeyOut, UserOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";

/** Whether this browser has passkeys at this address: over HTTPS or on this machine, and by a host name. */
export function passkeysWork(): boolean {
  return (
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function" &&
    /[a-z]/i.test(location.hostname) &&
    !location.hostname.includes(":")
  );
}

/** Whether the browser can offer passkeys among what it fills into the field for the e-mail. */
export async function passkeysFillIn(): Promise<boolean> {
  if (!passkeysWork()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
}

type Asking = { mediation?: CredentialMediationRequirement; signal?: AbortSignal };

/** Logs in by a passkey alone. */
export async function logInByPasskey(asking: Asking = {}): Promise<UserOut> {
  const { data } = await passkeyLoginOptions({ throwOnError: true, ...only(asking.signal) });
  const body = { credential: await ask(data.options, asking) };
  return (await loginByPasskey({ body, throwOnError: true })).data.user;
}

/** Takes the second step of a log-in by a passkey. */
export async function finishByPasskey(challenge: string): Promise<UserOut> {
  const { data } = await passkeyFactorOptions({ body: { challenge }, throwOnError: true });
  const body = { challenge, credential: await ask(data.options) };
  return (await loginByPasskeyFactor({ body, throwOnError: true })).data.user;
}

/** Makes a passkey for the account; `password` where the log-in is not fresh. */
export async function addPasskey(name: string, password: string | null): Promise<PasskeyOut> {
  const { data } = await passkeyRegistrationOptions({ body: { password }, throwOnError: true });
  const options = data.options as unknown as PublicKeyCredentialCreationOptionsJSON;
  const made = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  });
  const credential = (made as PublicKeyCredential).toJSON() as NewCredentialIn;
  return (await registerPasskey({ body: { name, credential }, throwOnError: true })).data;
}

async function ask(raw: Record<string, unknown>, asking: Asking = {}): Promise<CredentialIn> {
  const options = raw as unknown as PublicKeyCredentialRequestOptionsJSON;
  const found = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    ...asking,
  });
  return (found as PublicKeyCredential).toJSON() as CredentialIn;
}

function only(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** What to say when a passkey did not come about; browsers tell pages little, on purpose. */
export function passkeyReason(error: unknown): string {
  if (error instanceof DOMException) {
    if (error.name === "InvalidStateError")
      return "This device has a passkey for your account already.";
    if (error.name === "NotAllowedError" || error.name === "AbortError")
      return "No passkey was used: it was cancelled, or there is none here.";
    return "The browser could not use a passkey here.";
  }
  return reasonOf(error);
}
