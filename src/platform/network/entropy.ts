let gathered: Promise<unknown> | undefined;

/**
 * Gathers what the first TLS handshake of a process needs of random numbers (aws-lc), on another thread.
 * Otherwise the handshake waits for them, up to 50 ms, and nothing else runs meanwhile.
 */
export function gatherEntropy(): Promise<unknown> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  // If it fails, the handshake gathers them itself.
  return gathered ??= crypto.subtle.generateKey(algorithm, false, ["sign"]).catch(() => {});
}
