/** Reads an item of another program out of the system's keyring, as it is. */

import type { Environment, ForeignItem } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { runSecretTool, secretToolError } from "./secret_service.ts";
import { ITEM_NOT_FOUND, runSecurity, securityError } from "./security_program.ts";

/** The system may ask the user for consent, or for the keyring's password. */
const TIMEOUT_MILLISECONDS = 120_000;

export interface ForeignItemSettings {
  environment: Pick<Environment, "all" | "os">;
  /** The program (default: the system's). */
  tool?: string;
}

/**
 * Returns `undefined` if there is no such item, and on Windows.
 *
 * @throws {SecretStoreError} `locked`, `cancelled`, `denied`, `unavailable`, `timeout`
 */
export async function readForeignItem(
  settings: ForeignItemSettings,
  { attributes, keychain }: ForeignItem,
): Promise<Secret | undefined> {
  const { os } = settings.environment;
  if (os === "windows") return undefined;
  if (os === "darwin") {
    const { kind, service, account } = keychain;
    const { code, stdout } = await runSecurity(settings, [
      `find-${kind}-password`,
      ...["-s", service],
      ...account === undefined ? [] : ["-a", account],
      "-w",
    ], TIMEOUT_MILLISECONDS);
    if (code === ITEM_NOT_FOUND) return undefined;
    if (code !== 0) throw securityError(code);
    return new Secret(stdout.replace(/\n$/, ""));
  }
  const wanted = Object.entries(attributes).flat();
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["lookup", ...wanted],
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
  });
  if (code === 0) return new Secret(stdout.replace(/\n$/, ""));
  if (stderr.trim() !== "") throw secretToolError(stderr);
  return undefined;
}
