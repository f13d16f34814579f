/**
 * Which factor is answered: the one that was asked for, the one that the stored secret answers, the
 * only one, or the one that the person picks.
 *
 * @module
 */

import { InteractionError, SignInError } from "../../errors.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { Authenticator, AuthenticatorKind } from "./authenticator.ts";
import type { SignInAccount } from "./factor_context.ts";
import { namesOf, onlyInBrowser } from "./factor_errors.ts";
import { distinctNames, factorWord } from "./same_factors.ts";
import { computable, preferred } from "./factor_preference.ts";

/**
 * Chooses one of the authenticators.
 *
 * @param authenticators What Okta offers, in its order.
 * @throws {SignInError} `factor_not_supported` if only a browser can serve what Okta offers,
 * `factor_not_offered` if it does not offer what was asked for.
 * @throws {InteractionError} `choose_factor` if nobody can pick one.
 */
export async function chooseFactor(
  account: SignInAccount,
  authenticators: readonly Authenticator[],
): Promise<Authenticator> {
  const answerable = authenticators.filter(({ kind }) => kind !== "browser");
  if (answerable.length === 0) throw onlyInBrowser(authenticators);
  const fitting = preferred(answerable, account.factors.preference);
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length === 0) {
    const [only, ...more] = answerable;
    const isOnly = only !== undefined && more.length === 0 && !SENDING.includes(only.kind);
    await tellNotOffered(account, authenticators, isOnly ? only : undefined);
    if (isOnly) return only;
  }
  const { totp, oneTimeCode } = await account.secrets.read();
  const computed = totp === undefined && oneTimeCode === undefined
    ? undefined
    : computable(fitting);
  if (computed !== undefined) return computed;
  await tellLeftOut(account.interaction, authenticators.filter(({ kind }) => kind === "browser"));
  return await askFactor(account, fitting.length > 0 ? fitting : answerable);
}

/** A person agrees before something else than asked for is sent. */
const SENDING: readonly AuthenticatorKind[] = ["push", "sent_code", "duo"];

/** Nobody should think that Okta has lost the factor that they look for in the menu. */
async function tellLeftOut(
  interaction: Interaction,
  left: readonly Authenticator[],
): Promise<void> {
  if (left.length === 0 || !await interaction.canAsk()) return;
  await interaction.say(`not listed (needs a browser): ${namesOf(left)}`);
}

/** Somebody at the terminal can pick another one; a setting may name a factor that is gone. */
async function tellNotOffered(
  { factors: { preference: { factorType, provider } }, interaction }: SignInAccount,
  authenticators: readonly Authenticator[],
  instead: Authenticator | undefined,
): Promise<void> {
  const wanted = [provider, factorType].filter((word) => word !== undefined).join(" ");
  const message = `Okta does not offer the saved or requested factor (${wanted})`;
  if (await interaction.canAsk()) {
    const next = instead === undefined ? "choose another" : `using ${instead.name}`;
    return await interaction.say(`${message}: ${next}`);
  }
  throw new SignInError(`${message}, but: ${namesOf(authenticators)}`, {
    code: "factor_not_offered",
    hint: "check --mfa-factor-type and --mfa-provider, their environment variables and settings",
  });
}

async function askFactor(
  { interaction, factors }: SignInAccount,
  authenticators: readonly Authenticator[],
): Promise<Authenticator> {
  if (!await interaction.canAsk()) throw nobodyChooses(authenticators);
  let remember = false;
  const chosen = await interaction.askChoice(
    "Factor",
    distinctNames(authenticators).map((name, at) => ({ name, value: authenticators[at]! })),
    { key: "r", name: "remember the choice", onAnswer: (on) => remember = on },
  );
  if (remember) {
    await factors.remember({ ...chosen, factorType: factorWord(chosen, authenticators) });
    await interaction.say("Saved the factor. To be asked again: okta-aws config unset mfa");
  }
  return chosen;
}

function nobodyChooses(authenticators: readonly Authenticator[]): InteractionError {
  const words = authenticators.map((one) => `${one.provider} ${factorWord(one, authenticators)}`);
  return new InteractionError(
    `Okta offers several factors (${
      distinctNames(authenticators).join(", ")
    }), and nobody is there to choose`,
    {
      code: "choose_factor",
      hint: "name one by --mfa-provider and --mfa-factor-type or in the settings " +
        `(${words.join(", ")}), or run this in a terminal: okta-aws signin`,
    },
  );
}
