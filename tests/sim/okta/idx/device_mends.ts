/**
 * What a device assurance policy tells the person to change.
 *
 * @module
 */

import { type IonMessage, problem } from "./ion.ts";

function assurance(key: string, message: string, params?: unknown[]): IonMessage {
  const prefix = "idx.error.code.access_denied.device_assurance.remediation.";
  return problem(prefix + key, message, params);
}

/** What the person would have to change about the device. */
export const DEVICE_MENDS: IonMessage[] = [
  assurance("title", "Your device doesn't meet the security requirements"),
  assurance(
    "explanation_one_rule",
    "To sign in, make the following updates. Then, access the app again.",
  ),
  {
    links: [{ url: "https://okta.com/android-upgrade-os" }],
    ...assurance("android.upgrade_os_version", "Update to Android 100", ["100"]),
  },
];
