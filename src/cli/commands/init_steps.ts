/** The steps of `init` before the sign-in, each asked unless a flag answers it. @module */

import { OktaAwsError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { openAccountState } from "../../store/account_state.ts";
import { backendFor } from "../../settings/account_settings.ts";
import type { SignInAddress } from "../../settings/sign_in_address.ts";
import { isForIdentityCenter } from "./init_identity_center.ts";
import {
  type InitStart,
  type KeptSecret,
  readSignInPlace,
  type SignInPlace,
  type StepName,
} from "./init_questions.ts";

/** What the steps before the sign-in have found out. */
export interface InitAnswers {
  place?: SignInPlace;
  username?: string;
  password?: Secret | undefined;
  totp?: Secret | undefined;
}

/** One step; returns whether a person was asked. */
export type Step = () => Promise<boolean>;

/** Takes the steps in turn; Esc goes back to the last one that was asked. */
export async function takeSteps(
  { asker }: Pick<InitStart, "asker">,
  steps: readonly Step[],
): Promise<void> {
  const asked: number[] = [];
  for (let at = 0; at < steps.length;) {
    asker.canGoBack = asked.length > 0;
    try {
      if (await steps[at]!()) asked.push(at);
      at += 1;
    } catch (error) {
      if (!(error instanceof OktaAwsError) || error.code !== "step_back") throw error;
      at = asked.pop() ?? 0;
    } finally {
      asker.canGoBack = false;
    }
  }
}

/** The steps that will be numbered, as far as flags and settings tell. */
export function plannedSteps(start: Omit<InitStart, "asker">, isPortal: boolean): StepName[] {
  const { invocation: { flags }, existing, team } = start;
  const isPlaceKnown = (flags.ssoUrl ?? flags.domain ?? flags.ssoStartUrl) !== undefined ||
    (team !== undefined && (existing.app?.[0] ?? existing.org) !== undefined);
  const asksSecrets = !flags.secretsStdin && asksForSecrets(start);
  const asksTotp = asksSecrets && flags.qr === undefined && !flags.enrollTotp;
  const ofOkta = [
    flags.username === undefined && "username",
    asksSecrets && "password",
    asksTotp && "totp",
  ] as const;
  const isRegionKnown = flags.ssoRegion !== undefined || existing.sso_region !== undefined;
  const steps = [
    !isPlaceKnown && "address",
    ...isPortal ? [!isRegionKnown && "ssoRegion" as const] : ofOkta,
    asksRegion(start) && "region",
    flags.profiles === undefined && !flags.noVerify && "profiles",
  ] as const;
  return steps.filter((step) => step !== false);
}

/** With `--profiles` a script has decided on the end. */
export function asksRegion({ invocation: { flags }, existing }: Omit<InitStart, "asker">): boolean {
  const isSaid = flags.region !== undefined || existing.region !== undefined;
  return !isSaid && flags.profiles === undefined && !flags.secretsStdin && !flags.noVerify;
}

/** A sign-in in a browser needs none; with a read-only store, each sign-in gets them from there. */
export function asksForSecrets(
  { invocation, existing, context }: Omit<InitStart, "asker">,
): boolean {
  const isBrowsers = invocation.flags.browserSignIn === true || existing.auth === "browser" ||
    existing.auth === "device";
  return !isBrowsers && !isReadOnly(backendFor(context, existing));
}

/** Whether a store of this name keeps nothing. */
export function isReadOnly(backend: string | undefined): boolean {
  return backend === "env" || backend === "command";
}

/** From the flags, else from the team settings, else typed. */
export async function askPlace(start: InitStart, answers: InitAnswers): Promise<boolean> {
  const { invocation: { flags }, existing, team, asker } = start;
  const given = flags.ssoUrl ?? flags.domain;
  if (isForIdentityCenter(existing, flags)) {
    answers.place = { portal: given };
    return false;
  }
  const known = existing.app?.[0] ?? existing.org;
  const address = given ?? (team && known);
  if (address !== undefined) {
    answers.place = readSignInPlace(address);
    return false;
  }
  const { place } = answers;
  const before = place !== undefined && "org" in place ? place.app ?? place.org : known;
  answers.place = await asker.address(before);
  asker.steps = plannedSteps(start, !("org" in answers.place));
  return true;
}

/** The steps of an Okta account; for Identity Center they do nothing. */
export function oktaSteps(start: InitStart, answers: InitAnswers): Record<OktaStep, Step> {
  const { asker, existing, invocation: { flags } } = start;
  const ofOkta = (act: (place: SignInAddress) => Promise<boolean>) => () => {
    const { place } = answers;
    return place !== undefined && "org" in place ? act(place) : Promise.resolve(false);
  };
  const asksNone = flags.secretsStdin === true || !asksForSecrets(start);
  return {
    address: () => askPlace(start, answers),
    username: ofOkta(async ({ org }) => {
      if (flags.username !== undefined) answers.username = flags.username;
      else answers.username = await asker.username(org, answers.username ?? existing.username);
      return flags.username === undefined;
    }),
    password: ofOkta(async ({ org }) => {
      if (asksNone) return false;
      const kept = await keptSecret(start, answers, { org, secret: "password" });
      answers.password = await asker.password(answers.username!, kept) ?? answers.password;
      return true;
    }),
    totp: ofOkta(async ({ org }) => {
      if (asksNone || flags.qr !== undefined || flags.enrollTotp) return false;
      const kept = await keptSecret(start, answers, { org, secret: "totp" });
      answers.totp = await asker.totp(kept) ?? answers.totp;
      return true;
    }),
  };
}

/** The steps that an Okta account has before the sign-in. */
export type OktaStep = "address" | "username" | "password" | "totp";

/** What an empty answer keeps. A stored secret is valid for its org and user name only. */
async function keptSecret(
  { context, before, existing, name }: InitStart,
  answers: InitAnswers,
  { org, secret }: { org: string; secret: "password" | "totp" },
): Promise<KeptSecret> {
  if (answers[secret] !== undefined) return "typed";
  if (before.org !== org || before.username !== answers.username) return undefined;
  const { ports: { files }, paths } = context;
  const { stored } = await (await openAccountState(files, paths.cache, name)).read();
  const backend = backendFor(context, existing) ?? stored?.backend;
  return stored?.[secret] && stored.backend === backend ? "stored" : undefined;
}
