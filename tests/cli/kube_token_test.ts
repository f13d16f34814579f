import assert from "node:assert/strict";
import { assertMode, filesBelow } from "../platform/scratch_folder.ts";
import { urlOfToken, verifyToken } from "../sim/aws/token_verifier.ts";
import { grantsOf } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { type Home, setUpHome, signIns } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const V1 = "client.authentication.k8s.io/v1";
const ARN = "arn:aws:iam::123456789012:role/Developer";
const WORDS = ["kube", "token", "--cluster", "prod", "--profile"];

function execInfo(interactive: boolean, apiVersion = V1): Record<string, string> {
  const info = { kind: "ExecCredential", apiVersion, spec: { interactive } };
  return { KUBERNETES_EXEC_INFO: JSON.stringify(info) };
}

async function tokenOf(
  home: Home,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<{ apiVersion: string; token: string; expires: number }> {
  const { code, stdout, stderr } = await home.run(words, { env });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  const { kind, apiVersion, spec, status, ...rest } = JSON.parse(stdout);
  assert.deepEqual([kind, spec, rest], ["ExecCredential", {}, {}]);
  assert.deepEqual(Object.keys(status), ["expirationTimestamp", "token"]);
  return { apiVersion, token: status.token, expires: Date.parse(status.expirationTimestamp) };
}

function cold(sim: Simulator): Promise<Home> {
  return setUpHome(sim, { args: ["--no-verify"] });
}

Deno.test("kube token gives what the cluster takes, in either version, and asks nobody again", async () => {
  await using sim = await startSimulator();
  await using home = await cold(sim);
  const words = [...WORDS, ARN];
  const first = await tokenOf(home, words);
  assert.equal(first.apiVersion, "client.authentication.k8s.io/v1beta1");
  assert.ok(Math.abs(first.expires - Date.now() - 14 * 60_000) < 60_000);
  const options = { sts: sim.sts, cluster: "prod" };
  assert.equal(await verifyToken(first.token, options), ARN);
  await assert.rejects(verifyToken(first.token, { ...options, cluster: "other" }), /Signature/);
  sim.requests.length = 0;
  const second = await tokenOf(home, words, execInfo(true));
  assert.deepEqual(second, { ...first, apiVersion: V1 });
  assert.deepEqual(await tokenOf(home, words, execInfo(false)), second);
  // Other words for the same: found by the long way.
  const reordered = ["kube", "token", "--profile", "Developer", "-q", "--cluster=prod"];
  assert.equal((await tokenOf(home, reordered)).token, first.token);
  assert.deepEqual(sim.requests, []);
  const folder = `${home.folder}/.aws/okta-aws/tokens`;
  for await (const { name } of Deno.readDir(folder)) {
    assertMode(`${folder}/${name}`, 0o600);
  }
  await home.run(["signout", "--all"]);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
});

Deno.test("kube token makes another where cluster, region or role is another, or the time is up", async () => {
  await using sim = await startSimulator();
  const [production] = sim.world.accounts;
  const deployer = { name: "Deployer", path: "/", maxSessionDurationSeconds: 3600, trusts: [ARN] };
  production!.roles.push(deployer);
  await using home = await cold(sim);
  const first = await tokenOf(home, [...WORDS, ARN]);
  const inIreland = await tokenOf(home, [...WORDS, ARN, "--region", "eu-west-1"]);
  const other = await tokenOf(home, ["kube", "token", "--cluster", "test", "--profile", ARN]);
  const deployerArn = "arn:aws:iam::123456789012:role/Deployer";
  const chained = await tokenOf(home, [...WORDS, ARN, "--role-arn", deployerArn]);
  assert.equal(new Set([first, inIreland, other, chained].map(({ token }) => token)).size, 4);
  const judge = { sts: sim.sts, cluster: "prod" };
  assert.equal(urlOfToken(inIreland.token, judge).host, "sts.eu-west-1.amazonaws.com");
  assert.equal(await verifyToken(chained.token, judge), deployerArn);
  assert.equal(await verifyToken(inIreland.token, judge), ARN);
  assert.equal(signIns(sim), 1);
  const folder = `${home.folder}/.aws/okta-aws/tokens`;
  for await (const { name } of Deno.readDir(folder)) {
    const document = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    document.expiration -= 14 * 60_000;
    await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(document));
  }
  sim.requests.length = 0;
  const late = await tokenOf(home, [...WORDS, ARN]);
  assert.ok(late.expires > Date.now());
  assert.deepEqual(sim.requests, [], "the credentials are still good");
});

Deno.test("kube token follows the role's partition and keeps nothing in the clear where told so", async () => {
  await using sim = await startSimulator();
  const role = { name: "Dev", path: "/", maxSessionDurationSeconds: 3600 };
  const china = { id: "444455556666", partition: "aws-cn", samlProviders: ["Okta"], roles: [role] };
  sim.world.accounts.push(china);
  sim.world.apps[0]!.grants = grantsOf(sim.world.accounts);
  await using home = await cold(sim);
  const settings = await home.read(".config/okta-aws/config.ini");
  await home.write(".config/okta-aws/config.ini", `[okta-aws]\ncache = encrypted\n\n${settings}`);
  const arn = "arn:aws-cn:iam::444455556666:role/Dev";
  const { token } = await tokenOf(home, [...WORDS, arn], { AWS_REGION: "eu-west-1" });
  const judge = { sts: sim.sts, cluster: "prod", partition: "aws-cn" };
  assert.equal(await verifyToken(token, judge), arn);
  assert.equal(urlOfToken(token, judge).host, "sts.cn-northwest-1.amazonaws.com.cn");
  assert.equal((await tokenOf(home, [...WORDS, arn])).token, token);
  const texts = filesBelow(home.folder).map((path) => Deno.readTextFileSync(path));
  assert.ok(!texts.some((text) => text.includes(token)));
});

Deno.test("kube token says what is wrong, on stderr alone", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, {
    args: ["--no-verify"],
    secrets: JSON.stringify({ password: sim.user.password }),
  });
  const old = execInfo(true, "client.authentication.k8s.io/v1alpha1");
  const cases: [words: string[], env: Record<string, string>, code: number, said: RegExp][] = [
    [["kube"], {}, 2, /kube token/],
    [["kube", "token", "--profile", ARN], {}, 2, /--cluster/],
    [["kube", "token", "--cluster", "prod"], {}, 2, /PROFILE/],
    [[...WORDS, ARN], old, 2, /v1alpha1.*\n.*kube setup/],
    [[...WORDS, ARN, "--region", "cn-north-1"], {}, 2, /cn-north-1 is not a region of/],
    [[...WORDS, ARN, "--role-arn", "Admin"], {}, 2, /Admin/],
    [["kube", "token", "--cluster", "a b", "--profile", ARN], {}, 2, /a b/],
    [[...WORDS, ARN], execInfo(false), 4, /okta-aws signin/],
  ];
  for (const [words, env, expected, said] of cases) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await home.run(words, { env });
      assert.deepEqual([code, stdout], [expected, ""], stderr);
      assert.match(stderr, said);
    });
  }
});

Deno.test({
  name: "kube token asks at the terminal where client and settings allow it",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim, {
      args: ["--no-verify"],
      secrets: JSON.stringify({ password: sim.user.password }),
    });
    const words = [...WORDS, ARN];
    const settings = await home.read(".config/okta-aws/config.ini");
    const never = `[okta-aws]\ninteractive = never\n\n${settings}`;
    const runs: [env: Record<string, string>, settings: string][] = [
      [execInfo(false), settings],
      [execInfo(true), never],
    ];
    for (const [env, text] of runs) {
      await home.write(".config/okta-aws/config.ini", text);
      const { code, shown } = await (await runOnTerminal(home, words, { env })).end();
      assert.equal(code, 4, shown);
    }
    await home.write(".config/okta-aws/config.ini", settings);
    const program = await runOnTerminal(home, words, { env: execInfo(true) });
    await program.answer("Code of", await sim.user.code());
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.match(shown, /"kind":"ExecCredential"/);
  },
});
