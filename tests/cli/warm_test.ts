import assert from "node:assert/strict";
import { ignoreWithout } from "../real/programs.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { type Home, programCommand, programEnvironment, setUpHome } from "./program.ts";

const PROFILE = "okta-acme-production-Developer";

/** What a warm run must not do: other processes, the network, programs. */
const FORBIDDEN = /\b(socket|connect|sendto|sendmsg|execve|execveat|fork|vfork)\(/;

Deno.test({
  name: "a warm cred-process, kube token or env opens no socket, no process, and waits for no lock",
  ignore: Deno.build.os !== "linux" || ignoreWithout("strace"),
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await quietlyAgain(sim, home, ["cred-process", PROFILE]);
    await quietlyAgain(sim, home, ["kube", "token", "--cluster", "prod", "--profile", PROFILE]);
    await quietlyAgain(sim, home, ["env", PROFILE, "--shell", "fish"]);
  },
});

/** The second run of a command line, watched. */
async function quietlyAgain(sim: Simulator, home: Home, words: string[]): Promise<void> {
  const first = await home.run(words);
  assert.equal(first.code, 0, first.stderr);
  sim.requests.length = 0;
  const log = `${home.folder}/strace.log`;
  const calls = "trace=%process,%network,flock,fcntl,openat";
  const { code, stdout, stderr } = await new Deno.Command("strace", {
    args: ["-f", "-qq", "-o", log, "-e", calls, ...programCommand(), ...words],
    env: await programEnvironment(home.folder, home.env),
    clearEnv: true,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.equal(new TextDecoder().decode(stdout), first.stdout);
  const lines = (await Deno.readTextFile(log)).split("\n");
  // The first line is the program itself being started.
  const own = lines.slice(1).filter((line) => !/socketpair\(/.test(line));
  assert.deepEqual(own.filter((line) => FORBIDDEN.test(line)), []);
  const clones = own.filter((line) => /\bclone3?\(/.test(line));
  assert.ok(clones.every((line) => line.includes("CLONE_THREAD")), "threads alone");
  assert.deepEqual(own.filter((line) => line.includes("/locks/")), []);
  assert.deepEqual(own.filter((line) => line.includes("src/composition.ts")), []);
  assert.deepEqual(sim.requests, []);
}
