/** The names of secret backends. Completion loads this at every Tab. @module */

import type { BackendName, BuiltInBackendName, PluginBackendName } from "../ports.ts";

export const BACKENDS: readonly BuiltInBackendName[] = [
  "keychain",
  "secret-service",
  "dpapi",
  "wincred",
  "pass",
  "file",
  "env",
  "command",
];

/** Reads the name of a backend. aws-okta's `kwallet` is the Secret Service's. */
export function parseBackend(text: string): BackendName | undefined {
  const name = text.toLowerCase();
  if (isPluginBackend(text)) return text;
  return name === "kwallet" ? "secret-service" : BACKENDS.find((known) => known === name);
}

/** Whether a backend is a plugin (with the hook `secretStore`). */
export function isPluginBackend(text: string): text is PluginBackendName {
  return /^plugin:[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text);
}
