/**
 * Open connections by where they lead: those on their way, and those that wait for another request.
 *
 * @module
 */

import { type Destination, dial } from "./dial.ts";
import { Http1Connection } from "./http1_connection.ts";

/** How long a connection that was begun early may take, milliseconds. */
const EARLY_MILLISECONDS = 10_000;

export interface ConnectionPool {
  /**
   * Opens connections before they are needed, as many as are missing; those in use count. Failures show
   * when one is needed: it is opened again.
   *
   * @returns Resolves when those on their way are open, or have failed.
   */
  begin(destination: Destination, count: number): Promise<void>;
  /**
   * A connection for one request: one that waits, one on its way, or a new one.
   *
   * @param isCareful For a request that must not be sent again if the connection fails.
   */
  take(
    destination: Destination,
    signal: AbortSignal,
    isCareful?: boolean,
  ): Promise<Http1Connection>;
  /** Gives a connection back after its response has been read. */
  giveBack(destination: Destination, connection: Http1Connection): void;
}

function keyOf({ url, proxy }: Destination): string {
  return `${url.origin} ${proxy?.href ?? ""}`;
}

/** A connection on its way, or in use. */
interface Coming {
  opened: Promise<Http1Connection>;
  /** Whether it has failed, or was closed. */
  isGone(): boolean;
  is(connection: Http1Connection): boolean;
}

function comingFrom(opened: Promise<Http1Connection>): Coming {
  let connection: Http1Connection | undefined;
  let hasFailed = false;
  opened.then((one) => connection = one, () => hasFailed = true);
  return {
    opened,
    isGone: () => hasFailed || connection?.isClosed === true,
    is: (other) => connection === other,
  };
}

/** @param authorities Texts with PEM certificates that are trusted as well; read when first needed. */
export function connectionPool(authorities: () => string[]): ConnectionPool {
  const waiting = new Map<string, Http1Connection[]>();
  const coming = new Map<string, Coming[]>();
  const inUse = new Map<string, Coming[]>();
  const alive = (of: Map<string, Coming[]>, key: string) =>
    (of.get(key) ?? []).filter((one) => !one.isGone());
  const open = async (destination: Destination, signal: AbortSignal) =>
    new Http1Connection(await dial(destination, authorities(), signal));
  const waitingFor = async (
    key: string,
    isCareful: boolean,
  ): Promise<Http1Connection | undefined> => {
    for (;;) {
      const connection = waiting.get(key)?.pop();
      if (connection === undefined || await connection.isUsable(isCareful)) return connection;
    }
  };
  const comingFor = async (
    key: string,
    signal: AbortSignal,
  ): Promise<Http1Connection | undefined> => {
    for (;;) {
      const early = coming.get(key)?.shift();
      if (early === undefined) return undefined;
      const connection = await within(early.opened, signal).catch(() => undefined);
      if (await connection?.isUsable()) return connection;
    }
  };
  return {
    async begin(destination, count) {
      const key = keyOf(destination);
      const begun = alive(coming, key);
      const kept = (waiting.get(key) ?? []).filter((one) => !one.isClosed);
      const others = kept.length + alive(inUse, key).length;
      while (begun.length + others < count) {
        begun.push(comingFrom(open(destination, AbortSignal.timeout(EARLY_MILLISECONDS))));
      }
      coming.set(key, begun);
      await Promise.allSettled(begun.map(({ opened }) => opened));
    },
    async take(destination, signal, isCareful = false) {
      const key = keyOf(destination);
      const find = async () =>
        await waitingFor(key, isCareful) ?? await comingFor(key, signal) ??
          await open(destination, signal);
      const taken = comingFrom(find());
      inUse.set(key, [...alive(inUse, key), taken]);
      return await taken.opened;
    },
    giveBack(destination, connection) {
      const key = keyOf(destination);
      inUse.set(key, alive(inUse, key).filter((one) => !one.is(connection)));
      const others = (waiting.get(key) ?? []).filter((one) => !one.isClosed);
      waiting.set(key, connection.isClosed ? others : [...others, connection]);
    },
  };
}

/** Rejects when the signal is aborted; the work itself goes on. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", abort));
}
