/** Counts the slow hashes (PBKDF2) that are begun until disposed. */
export function countDerivations(): Disposable & { count: number } {
  const { deriveBits } = crypto.subtle;
  const counted = {
    count: 0,
    [Symbol.dispose]: () => void (crypto.subtle.deriveBits = deriveBits),
  };
  crypto.subtle.deriveBits = (...args: Parameters<typeof deriveBits>) => {
    if ((args[0] as Algorithm).name === "PBKDF2") counted.count++;
    return deriveBits.apply(crypto.subtle, args);
  };
  return counted;
}
