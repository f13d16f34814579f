/**
 * Starts the simulator from the command line, to try okta-aws by hand:
 * `deno run -A tests/sim/serve.ts [--okta-port N] [--sts-port N] [--signin-port N]`.
 *
 * @module
 */

import type { LoggedRequest } from "./request_log.ts";
import { type Simulator, startSimulator } from "./simulator.ts";

function portFlag(args: string[], name: string): number {
  const at = args.indexOf(name);
  return at < 0 ? 0 : Number(args[at + 1]);
}

function print(line = ""): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** What a person needs to sign in here. */
function introduce(sim: Simulator): void {
  print(`Okta          ${sim.okta}`);
  print(`STS           ${sim.sts}`);
  print(`AWS sign-in   ${sim.signin}`);
  print(`App           ${sim.embedLink()}`);
  print(`User          ${sim.user.login}`);
  print(`Password      ${sim.user.password}`);
  print(`TOTP          ${sim.user.totpUri}`);
  print();
  for (const [name, value] of Object.entries(sim.env())) print(`export ${name}=${value}`);
  print();
}

function showRequest({ host, method, path, status }: LoggedRequest): void {
  print(`${host.padEnd(6)} ${method} ${path} ${status}`);
}

if (import.meta.main) {
  const sim = await startSimulator({
    oktaPort: portFlag(Deno.args, "--okta-port"),
    stsPort: portFlag(Deno.args, "--sts-port"),
    signinPort: portFlag(Deno.args, "--signin-port"),
    onAnswer: showRequest,
  });
  introduce(sim);
}
