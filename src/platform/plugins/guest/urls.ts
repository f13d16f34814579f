/** Runs inside QuickJS: `URL` and `URLSearchParams`. @module */

import type { GuestBasics } from "./basics.ts";

type Pair = [name: string, value: string];

export function installUrls({ native, parse, stringify, define }: GuestBasics): void {
  const PARTS = [
    ...["href", "origin", "protocol", "username", "password", "host", "hostname"],
    ...["port", "pathname", "search", "hash"],
  ];

  const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
  const toPairs = (init: unknown): Pair[] => {
    if (init === undefined || init === null) return [];
    if (!isObject(init)) return parse(native.parseQuery(String(init))) as Pair[];
    const entries = Symbol.iterator in init
      ? [...init as Iterable<[unknown, unknown]>]
      : Object.entries(init);
    return entries.map(([name, value]) => [String(name), String(value)]);
  };

  class Query {
    #pairs: Pair[];
    readonly #changed: (text: string) => void;
    constructor(init?: unknown, changed: (text: string) => void = () => {}) {
      this.#pairs = toPairs(init);
      this.#changed = changed;
    }
    #replace(pairs: Pair[]): void {
      this.#pairs = pairs;
      this.#changed(this.toString());
    }
    get size(): number {
      return this.#pairs.length;
    }
    append(name: unknown, value: unknown): void {
      this.#replace([...this.#pairs, [String(name), String(value)]]);
    }
    delete(name: unknown): void {
      this.#replace(this.#pairs.filter(([one]) => one !== String(name)));
    }
    get(name: unknown): string | null {
      return this.getAll(name)[0] ?? null;
    }
    getAll(name: unknown): string[] {
      return this.#pairs.filter(([one]) => one === String(name)).map(([, value]) => value);
    }
    has(name: unknown): boolean {
      return this.getAll(name).length > 0;
    }
    set(name: unknown, value: unknown): void {
      const pair: Pair = [String(name), String(value)];
      const at = this.#pairs.findIndex(([one]) => one === pair[0]);
      if (at < 0) return this.#replace([...this.#pairs, pair]);
      this.#replace(this.#pairs.flatMap((one, index) => {
        return index === at ? [pair] : one[0] === pair[0] ? [] : [one];
      }));
    }
    sort(): void {
      this.#replace(this.#pairs.toSorted(([a], [b]) => a < b ? -1 : Number(a > b)));
    }
    forEach(run: (value: string, name: string) => void): void {
      for (const [name, value] of this.#pairs) run(value, name);
    }
    *entries(): Generator<Pair> {
      for (const [name, value] of this.#pairs) yield [name, value];
    }
    keys(): string[] {
      return this.#pairs.map(([name]) => name);
    }
    values(): string[] {
      return this.#pairs.map(([, value]) => value);
    }
    [Symbol.iterator](): Generator<Pair> {
      return this.entries();
    }
    toString(): string {
      return native.formatQuery(stringify(this.#pairs));
    }
  }
  define("URLSearchParams", Query);

  class Url {
    #parts: Record<string, string>;
    #query: Query | undefined;
    constructor(url: unknown, base?: unknown) {
      const parts = native.parseUrl(String(url), base === undefined ? "" : String(base));
      if (parts === "") throw new TypeError(`Invalid URL: '${url}'`);
      this.#parts = parse(parts) as Record<string, string>;
    }
    static canParse(url: unknown, base?: unknown): boolean {
      return native.parseUrl(String(url), base === undefined ? "" : String(base)) !== "";
    }
    static parse(url: unknown, base?: unknown): Url | null {
      return Url.canParse(url, base) ? new Url(url, base) : null;
    }
    part(name: string): string {
      return this.#parts[name]!;
    }
    change(name: string, value: unknown): void {
      const { href } = this.#parts;
      this.#parts = parse(native.setUrl(href!, name, String(value))) as Record<string, string>;
      if (name === "href" || name === "search") this.#query = undefined;
    }
    get searchParams(): Query {
      return this.#query ??= new Query(this.#parts.search, (text) => {
        const query = this.#query;
        this.change("search", text);
        this.#query = query;
      });
    }
    toString(): string {
      return this.#parts.href!;
    }
    toJSON(): string {
      return this.#parts.href!;
    }
  }
  for (const name of PARTS) {
    Object.defineProperty(Url.prototype, name, {
      get(this: Url) {
        return this.part(name);
      },
      set(this: Url, value: unknown) {
        if (name !== "origin") this.change(name, value);
      },
      configurable: true,
    });
  }
  define("URL", Url);
}
