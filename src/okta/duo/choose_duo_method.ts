import { SignInError } from "../../errors.ts";
import type { DuoMethod } from "./duo_prompt_page.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { FactorContext } from "../factors/factor_context.ts";
import { nobodyThere } from "../factors/factor_errors.ts";

/** Values of `--mfa-duo-device`, those of aws-okta included. */
const WAYS: Readonly<Record<string, string>> = {
  push: "Duo Push",
  call: "Phone Call",
  phone: "Phone Call",
  passcode: "Passcode",
  token: "Passcode",
};

/**
 * The methods that match a preference: `phone1`, `push`, `call`, `passcode`, `token`, or device and
 * method: `phone2:call`. Ignores case; a device name wins over a method.
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
 * Picks the preferred method, the only one, or asks.
 *
 * @throws {SignInError} `no_duo_device` if the preferred method is not offered.
 * @throws {InteractionError} If only passcodes are offered and there is no terminal.
 */
export async function chooseDuoMethod<T>(
  { account, interaction, factor }: FactorContext<T>,
  methods: readonly DuoMethod[],
): Promise<DuoMethod> {
  const wish = account.factors.preference.duoDevice;
  const fitting = wish === undefined ? [...methods] : fittingDuoMethods(methods, wish);
  if (fitting.length === 0) throw notOffered(wish ?? "", methods);
  const canAsk = await interaction.canAsk();
  // Without a terminal, only methods that a phone answers are possible.
  const possible = canAsk ? fitting : fitting.filter(({ factor }) => factor !== "Passcode");
  const [first] = possible;
  if (first === undefined) throw nobodyThere(factor.authenticator);
  if (wish !== undefined || possible.length === 1 || !canAsk) return first;
  return await interaction.askChoice(
    "Duo method",
    possible.map((method) => ({ name: method.name, value: method })),
  );
}

function notOffered(wish: string, methods: readonly DuoMethod[]): SignInError {
  const offered = methods.map(({ device, name }) => `${showUntrusted(device)} (${name})`);
  return new SignInError(`Duo does not offer ${showUntrusted(wish)}`, {
    code: "no_duo_device",
    hint: `choose with --mfa-duo-device or mfa_duo_device: ${offered.join(", ")}`,
  });
}
