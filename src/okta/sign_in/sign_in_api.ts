/**
 * Which of Okta's APIs an account signs in with: the one that is set, the one that worked for this
 * app
 * before, or the one of the org's pipeline. No password is sent to find out.
 *
 * @module
 */

import type { OktaAccount } from "./okta_account.ts";

/** The authn API of Classic, or the Identity Engine's. */
export type SignInApi = "authn" | "idx";

export interface ApiFacts {
  /** `auth` of the settings. */
  auth: string | undefined;
  /** What worked for this app before. */
  worked: string | undefined;
  /** `v1` is Classic, `idx` is Identity Engine. */
  pipeline: string | undefined;
}

/**
 * The API to try first. The Identity Engine is asked at the app's own page: one sign-in, and the
 * app's
 * own policy judges it.
 */
export function apiOf({ auth, worked, pipeline }: ApiFacts): SignInApi {
  if (auth === "authn" || auth === "idx") return auth;
  if (worked === "authn" || worked === "idx") return worked;
  return pipeline === "idx" ? "idx" : "authn";
}

/** The API to try first for a page; the org is asked only if nothing else tells. */
export async function detectSignInApi(
  { auth, session: { state, client } }: OktaAccount,
  target: string,
): Promise<SignInApi> {
  const worked = (await state.read()).ways?.[target];
  const isKnown = auth === "authn" || auth === "idx" || worked !== undefined;
  const pipeline = isKnown ? undefined : await client.pipeline();
  return apiOf({ auth, worked, pipeline });
}

/**
 * Begins what a sign-in waits for first: the secrets; without a kept session, the org's answer and the
 * code of the likely API.
 */
export function beginSignIn(account: OktaAccount, target: string): void {
  const { auth, session: { kept, device, browser }, secrets } = account;
  const begin = async () => {
    if (device !== undefined || browser.inUse) return;
    // They open a kept session as well.
    const reading = secrets.read();
    // It may fail before it is awaited.
    reading.catch(() => {});
    if (await kept.isKept()) return void await reading;
    await Promise.all([
      reading,
      detectSignInApi(account, target),
      auth === "idx" ? undefined : import("../classic/authn_sign_in.ts"),
    ]);
  };
  // The sign-in does the same, and reports what fails.
  begin().catch(() => {});
}

/** Remembers which API worked for a page, or forgets it (`undefined`) because it no longer does. */
export async function rememberApi(
  { session: { state } }: OktaAccount,
  target: string,
  api: SignInApi | undefined,
): Promise<void> {
  const { ways: known = {}, org } = await state.read();
  if (known[target] === api && (api !== undefined || org === undefined)) return;
  await state.change(({ ways = {} }) => {
    const { [target]: _, ...others } = ways;
    // The org's pipeline is asked for again, too.
    if (api === undefined) return { ways: others, org: undefined };
    return { ways: { ...others, [target]: api } };
  });
}
