/** The real kubectl with our kubeconfig, against an API server that verifies tokens. */

import assert from "node:assert/strict";
import { verifyToken } from "../sim/aws/token_verifier.ts";
import { listen, type Origin } from "../sim/listener.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { LOOPBACK_AUTHORITY, LOOPBACK_TLS } from "../sim/tls_certificate.ts";
import { type Home, programEnvironment, setUpHome, signIns } from "../cli/program.ts";
import { ignoreWithout } from "./programs.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";

/** An API server that answers with the caller's identity from the token. */
interface ApiServer extends Origin {
  tokens: Set<string>;
  /** Errors of rejected tokens. */
  refusals: string[];
}

function startApiServer(sim: Simulator, cluster: string): ApiServer {
  const tokens = new Set<string>();
  const refusals: string[] = [];
  const origin = listen({ port: 0, tls: LOOPBACK_TLS }, async (request) => {
    const token = /^Bearer (.*)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    try {
      const user = await verifyToken(token, { sts: sim.sts, cluster });
      tokens.add(token);
      return Response.json({ user });
    } catch (error) {
      refusals.push(String(error));
      return Response.json({ kind: "Status", status: "Failure", code: 401 }, { status: 401 });
    }
  });
  return { ...origin, tokens, refusals };
}

async function kubectl(
  home: Home,
  ...words: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("kubectl", {
    args: ["--request-timeout=60s", ...words],
    env: await programEnvironment(home.folder, home.env),
    clearEnv: true,
    stdin: "null",
  }).output();
  const [answer, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: answer!, stderr: said! };
}

Deno.test({
  name: "kube setup: works with kubectl; 50 parallel calls need one sign-in and one token",
  ignore: ignoreWithout("kubectl"),
  async fn() {
    await using sim = await startSimulator();
    const server = startApiServer(sim, "prod");
    try {
      sim.world.clusters = [{
        name: "prod",
        accountId: "123456789012",
        region: "eu-west-1",
        endpoint: server.url,
        authority: btoa(LOOPBACK_AUTHORITY),
      }];
      await using home = await setUpHome(sim);
      const words = ["kube", "setup", "--cluster", "prod", "--profile", ARN];
      const setUp = await home.run([...words, "--region", "eu-west-1", "--alias", "prod eu"]);
      assert.equal(setUp.code, 0, setUp.stderr);
      assert.equal((await kubectl(home, "config", "current-context")).stdout, "prod eu\n");
      await home.run(["signout", "--all"]);
      sim.requests.length = 0;
      // Some kubectl versions first ask for the server's version.
      server.tokens.clear();
      const raw = ["get", "--raw", "/whoami"];
      const runs = await Promise.all(Array.from({ length: 50 }, () => kubectl(home, ...raw)));
      assert.deepEqual(runs.filter(({ code }) => code !== 0), [], server.refusals.join("\n"));
      assert.deepEqual(new Set(runs.map(({ stdout }) => stdout)), new Set([`{"user":"${ARN}"}`]));
      assert.deepEqual([signIns(sim), server.tokens.size, server.refusals], [1, 1, []]);
      assert.equal(sim.requestsTo("sts", "POST", "/").length, 1);
      await kubectlReads(home);
    } finally {
      await server.stop();
    }
  },
});

/** How kubectl reads the file, and that the file still works after kubectl has written it. */
async function kubectlReads(home: Home): Promise<void> {
  const view = JSON.parse((await kubectl(home, "config", "view", "-o", "json")).stdout);
  assert.equal(view.contexts[0].name, "prod eu");
  const set = ["config", "set-context", "prod eu", "--namespace", "shop"];
  assert.equal((await kubectl(home, ...set)).code, 0);
  const written = await home.read(".kube/config");
  const words = ["kube", "setup", "--cluster", "prod", "--profile", ARN, "--alias", "prod eu"];
  const { code, stderr } = await home.run([...words, "--region", "eu-west-1"]);
  assert.equal(code, 0, stderr);
  const now = await home.read(".kube/config");
  // kubectl before 1.22 removes fields that it doesn't know.
  if (written.includes("interactiveMode")) assert.equal(now, written, "kubectl's layout is ours");
  assert.match(now, /namespace: shop\n.*interactiveMode: IfAvailable\n/s);
}
