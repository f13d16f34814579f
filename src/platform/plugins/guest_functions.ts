/** What QuickJS may call in its worker: functions on texts and bytes. @module */

/** `digest` and timers end later, through `receive` and `fireTimer`. */
interface Ways {
  send(message: string): void;
  receive(reply: string): void;
  fireTimer(id: number): void;
}

type GuestFunction = (...args: never[]) => string | number | Uint8Array | void;

/** The functions of `GuestNative`, and `receive`, which is ours. */
export type GuestFunctions = Record<string, GuestFunction> & Pick<Ways, "receive">;

const MOST_RANDOM_BYTES = 65_536;
const URL_PARTS = [
  ...["href", "origin", "protocol", "username", "password", "host", "hostname"],
  ...["port", "pathname", "search", "hash"],
] as const;

function partsOf(url: URL): string {
  return JSON.stringify(Object.fromEntries(URL_PARTS.map((name) => [name, url[name]])));
}

export function guestFunctions({ send, receive, fireTimer }: Ways): GuestFunctions {
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  return {
    send,
    receive,
    startTimer(id: number, milliseconds: number) {
      timers.set(id, setTimeout(() => fireTimer(id), milliseconds));
    },
    stopTimer(id: number) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    encodeText: (text: string) => new TextEncoder().encode(text),
    decodeText: (
      bytes: Uint8Array<ArrayBuffer>,
      label: string,
      fatal: boolean,
      ignoreBOM: boolean,
    ) => new TextDecoder(label, { fatal, ignoreBOM }).decode(bytes),
    toBase64: (bytes: Uint8Array) => bytes.toBase64(),
    fromBase64: (text: string) => Uint8Array.fromBase64(text),
    randomBytes: (count: number) => {
      if (!(count <= MOST_RANDOM_BYTES)) throw new RangeError("too many random bytes at once");
      return crypto.getRandomValues(new Uint8Array(count));
    },
    digest(id: number, algorithm: string, bytes: Uint8Array<ArrayBuffer>) {
      crypto.subtle.digest(algorithm, bytes).then(
        (digest) => receive(JSON.stringify({ id, value: new Uint8Array(digest).toBase64() })),
        ({ name, message }: Error) => receive(JSON.stringify({ id, error: { name, message } })),
      );
    },
    now: () => performance.now(),
    parseUrl(text: string, base: string) {
      const url = URL.parse(text, base === "" ? undefined : base);
      return url === null ? "" : partsOf(url);
    },
    setUrl(text: string, part: string, value: string) {
      const url = new URL(text);
      Object.assign(url, { [part]: value });
      return partsOf(url);
    },
    parseQuery: (text: string) => JSON.stringify([...new URLSearchParams(text)]),
    formatQuery: (pairs: string) => new URLSearchParams(JSON.parse(pairs)).toString(),
  };
}
