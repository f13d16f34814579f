/** Runs the cases inside the namespace; `../peers.ts` starts this. */

import { startSimulator } from "../../../tests/sim/simulator.ts";
import { print } from "../measure.ts";
import { CASES, type Wires } from "./cases.ts";
import { wantedRole } from "./contenders.ts";
import { makeCertificate, setUpNetwork } from "./namespace.ts";
import { describeProgram, findPrograms } from "./programs.ts";
import { startRelay } from "./relay.ts";

const PORT = 443;

function wireTo(hostname: string, url: string) {
  const { port } = new URL(url);
  const target = { hostname: "127.0.0.1", port: Number(port || PORT) };
  return startRelay({ listen: { hostname, port: PORT }, target });
}

async function main(names: readonly string[]): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "okta-aws-peers-" });
  try {
    await setUpNetwork(folder);
    const certificate = await makeCertificate(folder);
    await using sim = await startSimulator({
      tls: certificate,
      awsTls: certificate,
      oktaPort: PORT,
      oktaHostname: "acme.okta.com",
    });
    // With several, saml2aws reads their accounts from a page of AWS that changed since.
    const [app] = sim.world.apps;
    app!.grants = app!.grants.filter((grant) => grant.roleArn === wantedRole(sim));
    const wires: Wires = {
      okta: wireTo("127.0.0.2", sim.okta),
      sts: wireTo("127.0.0.3", sim.sts),
      signin: wireTo("127.0.0.4", sim.signin),
    };
    const programs = findPrograms();
    const denoFolder = Deno.env.get("DENO_DIR")!;
    const { authority } = certificate;
    print(
      `Tools: ${[...programs].map(([name, path]) => describeProgram(name, path)).join(", ")}\n`,
    );
    const factor = Number(Deno.env.get("OKTA_AWS_BENCH_ROUNDS") ?? 1);
    for (const [name, run] of Object.entries(CASES)) {
      if (names.length > 0 && !names.includes(name)) continue;
      await run({ sim, folder, authority, denoFolder, programs }, { wires, factor });
    }
    for (const wire of Object.values(wires)) wire.stop();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

await main(Deno.args);
Deno.exit();
