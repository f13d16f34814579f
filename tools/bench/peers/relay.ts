/**
 * A TCP relay that delays what passes, as a network does. It stands in for `tc netem`, which not every
 * kernel has, and counts connections.
 */

/** Where a relay listens, and where it leads. */
export interface RelayPlace {
  listen: { hostname: string; port: number };
  target: { hostname: string; port: number };
}

/** A running relay. */
export interface Relay {
  /** Milliseconds from one end to the other and back; for connections from now on. */
  roundTrip: number;
  /** Connections until now. */
  connections: number;
  stop(): void;
}

async function until(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

/** Passes on what comes, `delay` later; nothing counts as come before `from`. */
async function pump(
  source: Deno.TcpConn,
  sink: Deno.TcpConn,
  delay: number,
  from: number,
): Promise<void> {
  const buffer = new Uint8Array(65_536);
  let written = Promise.resolve();
  const later = (work: () => Promise<void>) => {
    const moment = Math.max(performance.now(), from) + delay;
    written = written.then(() => until(moment)).then(work);
    // Reported at the end.
    written.catch(() => {});
  };
  for (let count; (count = await source.read(buffer)) !== null;) {
    const bytes = buffer.slice(0, count);
    later(() => writeAll(sink, bytes));
  }
  later(() => sink.closeWrite());
  await written;
}

/** Starts a relay. */
export function startRelay({ listen, target }: RelayPlace): Relay {
  const gate = Deno.listen(listen);
  const relay: Relay = { roundTrip: 0, connections: 0, stop: () => gate.close() };
  const pass = async (client: Deno.TcpConn) => {
    relay.connections++;
    const { roundTrip } = relay;
    // The kernel has accepted at once; over a network a connection takes a round trip to open.
    const opened = performance.now() + roundTrip;
    const server = await Deno.connect(target);
    client.setNoDelay();
    server.setNoDelay();
    await Promise.allSettled([
      pump(client, server, roundTrip / 2, opened),
      pump(server, client, roundTrip / 2, 0),
    ]);
    for (const one of [client, server]) {
      try {
        one.close();
      } catch { /* it is closed */ }
    }
  };
  void (async () => {
    for await (const client of gate) void pass(client).catch(() => {});
  })().catch(() => {});
  return relay;
}
