/** A security key that a page of Chromium can use: CDP's virtual authenticator. */

import type { newCredential } from "../fakes/fido2/keys.ts";
import type { Json } from "./devtools.ts";

type Key = Awaited<ReturnType<typeof newCredential>>;

/** Connects a key to one page; it answers without a touch. */
export async function connectKey(
  send: (method: string, params?: Json) => Promise<Json>,
  { credential }: Pick<Key, "credential">,
): Promise<void> {
  await send("WebAuthn.enable");
  const { authenticatorId } = await send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "usb", automaticPresenceSimulation: true },
  });
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const signer = await crypto.subtle.importKey("jwk", credential.privateKey, algorithm, true, [
    "sign",
  ]);
  const privateKey = new Uint8Array(await crypto.subtle.exportKey("pkcs8", signer)).toBase64();
  await send("WebAuthn.addCredential", {
    authenticatorId,
    credential: {
      credentialId: credential.id,
      isResidentCredential: false,
      rpId: credential.rpId,
      privateKey,
      signCount: 1,
    },
  });
}
