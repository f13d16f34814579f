/**
 * Which of Duo's devices and ways to take.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { DuoMethod } from "./duo_prompt_page.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { FactorContext } from "../factors/factor_context.ts";
import { nobodyThere } from "../factors/factor_errors.ts";

/** People's and aws-okta's words for Duo's. */
const WAYS: Readonly<Record<string, string>> = {
  push: "Duo Push",
  call: "Phone Call",
  phone: "Phone Call",
  passcode: "Passcode",
  token: "Passcode",
};

/**
 * The methods that a wish leaves: `phone1`, `push`, `call`, `passcode`, `token`, or a device and a
 * way: `phone2:call`.
 *
 * @param methods What Duo offers.
 * @param wish What the person asked for, in any case.
 * @returns Those that fit, in Duo's order; a device of that very name before a way.
 */
export function fittingDuoMethods(methods: readonly DuoMethod[], wish: string): DuoMethod[] {
  const [first = "", second] = wish.toLowerCase().split(":").map((word) => word.trim());
  const ofDevice = methods.filter(({ device }) => device.toLowerCase() === first);
  const by = (word: string) => ({ factor }: DuoMethod) =>
    factor === (Object.hasOwn(WAYS, word) ? WAYS[word] : undefined) ||
    factor.toLowerCase() === word;
  if (second !== undefined) return ofDevice.filter(by(second));
  return ofDevice.length > 0 ? ofDevice : methods.filter(by(first));
}

/**
 * Chooses: what the settings name, the only one there is, what the person picks.
 *
 * @param context The factor and who answers it.
 * @param methods What Duo offers.
 * @returns The method.
 * @throws {SignInError} `no_duo_device` where what the settings name is not offered.
 * @throws {InteractionError} Where a passcode is wanted and nobody is there.
 */
export async function chooseDuoMethod<T>(
  { account, interaction, session }: FactorContext<T>,
  methods: readonly DuoMethod[],
): Promise<DuoMethod> {
  const wish = account.preference.duoDevice;
  const fitting = wish === undefined ? [...methods] : fittingDuoMethods(methods, wish);
  if (fitting.length === 0) throw notOffered(wish ?? "", methods);
  const canAsk = await interaction.canAsk();
  // Nobody can type: what a phone alone answers is left.
  const possible = canAsk ? fitting : fitting.filter(({ factor }) => factor !== "Passcode");
  const [first] = possible;
  if (first === undefined) throw nobodyThere(session.authenticator);
  if (wish !== undefined || possible.length === 1 || !canAsk) return first;
  return await interaction.askChoice(
    "Duo asks",
    possible.map((method) => ({ name: method.name, value: method })),
  );
}

function notOffered(wish: string, methods: readonly DuoMethod[]): SignInError {
  const offered = methods.map(({ device, name }) => `${showUntrusted(device)} (${name})`);
  return new SignInError(`Duo does not offer ${showUntrusted(wish)}`, {
    code: "no_duo_device",
    hint: `it offers ${offered.join(", ")}: --mfa-duo-device, mfa_duo_device`,
  });
}
