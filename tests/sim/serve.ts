/**
 * Starts the simulator from the command line, to try okta-aws by hand:
 * `deno run -A tests/sim/serve.ts [--okta-port N] [--sts-port N] [--signin-port N]
 * [--engine v1|idx] [--identify combined|first] [--policy RULE]
 * [--factor TYPE]... [--push OUTCOME] [--password expired|warn] [--step-up STYLE] [--widget]`.
 *
 * `--factor` (`push`, `sms`, `question`, `totp`, …) replaces the user's factors. Codes sent to the
 * user are printed. A push shows the number 0 at its third poll and is approved at its fifth.
 * `--widget` serves Okta's Sign-In Widget for sign-ins in a browser; the assertion then goes to the
 * simulated AWS sign-in page.
 */

import { otherFactor, totpFactor } from "./default_world.ts";
import { locateWidget } from "./widget/locate.ts";
import type { LoggedRequest } from "./request_log.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import type { AppFactors, PushPlan, SimFactor, SimIdx, StepUpStyle, World } from "./world.ts";

function portFlag(args: string[], name: string): number {
  const at = args.indexOf(name);
  return at < 0 ? 0 : Number(args[at + 1]);
}

function textFlags(args: string[], name: string): string[] {
  return args.filter((_, at) => args[at - 1] === name);
}

function factorOf(type: string): SimFactor {
  return type === "totp" ? totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP") : otherFactor(type);
}

/** Applies the flags about Identity Engine. */
function applyEngineFlags({ org, idx, apps }: World, args: string[]): void {
  const [engine] = textFlags(args, "--engine");
  if (engine !== undefined) org.pipeline = engine as World["org"]["pipeline"];
  const [identify] = textFlags(args, "--identify");
  if (identify !== undefined) idx.identify = identify as SimIdx["identify"];
  const [rule] = textFlags(args, "--policy");
  if (rule !== undefined) apps[0]!.policy = { factors: rule as AppFactors };
}

/** Applies the other flags. */
function applyFlags(world: World, args: string[]): void {
  applyEngineFlags(world, args);
  const user = world.users[0]!;
  const factors = textFlags(args, "--factor").map(factorOf);
  if (factors.length > 0) user.factors = factors;
  const outcome = (textFlags(args, "--push")[0] ?? "approve") as PushPlan["outcome"];
  const push: PushPlan = { outcome, waits: 4, numbers: [undefined, undefined, 0] };
  for (const factor of user.factors) if (factor.factorType === "push") factor.push = push;
  const [password] = textFlags(args, "--password");
  if (password !== undefined) {
    user.passwordState = password === "warn" ? { expiresInDays: 3 } : "expired";
  }
  const [stepUp] = textFlags(args, "--step-up");
  if (stepUp !== undefined) world.apps[0]!.stepUp = stepUp as StepUpStyle;
}

function print(line = ""): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Prints addresses and login. */
function printIntroduction(sim: Simulator): void {
  print(`Okta          ${sim.okta}`);
  print(`STS           ${sim.sts}`);
  print(`AWS sign-in   ${sim.signin}`);
  print(`App           ${sim.embedLink()}`);
  print(`User          ${sim.user.login}`);
  print(`Password      ${sim.user.password}`);
  if (sim.world.users[0]!.factors.some(({ totp }) => totp)) {
    print(`TOTP          ${sim.user.totpUri}`);
  }
  print();
  for (const [name, value] of Object.entries(sim.env())) print(`export ${name}=${value}`);
  print();
}

function showRequest({ host, method, path, status }: LoggedRequest): void {
  print(`${host.padEnd(6)} ${method} ${path} ${status}`);
}

/** Prints the codes sent since the last call. */
function inboxPrinter(sim: () => Simulator): () => void {
  let seen = 0;
  return () => {
    for (const { channel, login, code } of sim().state.inbox.slice(seen)) {
      print(`sent   ${channel} to ${login}${code === undefined ? "" : `: ${code}`}`);
    }
    seen = sim().state.inbox.length;
  };
}

if (import.meta.main) {
  const withWidget = Deno.args.includes("--widget");
  const printInbox = inboxPrinter(() => sim);
  const sim: Simulator = await startSimulator({
    oktaPort: portFlag(Deno.args, "--okta-port"),
    stsPort: portFlag(Deno.args, "--sts-port"),
    signinPort: portFlag(Deno.args, "--signin-port"),
    ...(withWidget ? { widget: await locateWidget(), oktaHostname: "localhost" } : {}),
    world: (world) => applyFlags(world, Deno.args),
    onAnswer(request) {
      showRequest(request);
      printInbox();
    },
  });
  if (withWidget) sim.world.apps[0]!.action = `${sim.signin}/saml`;
  printIntroduction(sim);
}
