import assert from "node:assert/strict";
import { parse } from "yaml";
import { pathList } from "../fakes/programs.ts";
import { assertMode } from "../platform/scratch_folder.ts";
import { urlOfToken, verifyToken } from "../sim/aws/token_verifier.ts";
import { startSimulator } from "../sim/simulator.ts";
import type { SimCluster } from "../sim/world.ts";
import { programCommand, setUpHome, signIns } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

/** On Windows only administrators make links. */
const ignoreLinks = Deno.build.os === "windows";

const AUTHORITY = btoa("-----BEGIN CERTIFICATE-----\n");

function cluster(name: string, accountId: string, region: string): SimCluster {
  return { name, accountId, region, endpoint: `https://${name}.example`, authority: AUTHORITY };
}

const arnOf = ({ name, accountId, region }: SimCluster) =>
  `arn:aws:eks:${region}:${accountId}:cluster/${name}`;

const PROD = cluster("prod", "123456789012", "eu-west-1");
const STAGE = cluster("stage", "123456789012", "eu-west-1");
const AUDIT = cluster("audit", "210987654321", "us-east-2");

Deno.test("kube setup writes one cluster, keeps what is there, and says the same twice", async () => {
  await using sim = await startSimulator({ world: { clusters: [PROD, STAGE] } });
  await using home = await setUpHome(sim);
  const words = ["kube", "setup", "--cluster", "prod", "--profile", "Developer"];
  words.push("--region", "eu-west-1");
  const dry = await home.run([...words, "--dry-run"]);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(
    dry.stdout,
    /^\+current-context: acme-production\/prod$/m,
  );
  assert.equal(await home.read(".kube/config"), "");
  const { code, stdout, stderr } = await home.run(words);
  const arn = arnOf(PROD);
  const file = `${home.folder}/.kube/config`;
  assert.deepEqual([code, stdout, stderr], [
    0,
    "",
    "wrote context acme-production/prod to ~/.kube/config\n",
  ]);
  assertMode(file, 0o600);
  const first = await home.read(".kube/config");
  const [command, ...program] = programCommand();
  const config = parse(first);
  assert.deepEqual(config.clusters, [
    {
      cluster: { "certificate-authority-data": AUTHORITY, server: "https://prod.example" },
      name: arn,
    },
  ]);
  assert.deepEqual(config.contexts, [
    { context: { cluster: arn, user: arn }, name: "acme-production/prod" },
  ]);
  const { args, ...exec } = config.users[0].user.exec;
  const own = ["kube", "token", "--cluster", "prod", "--profile", "Developer"];
  assert.deepEqual(args.slice(-8), [...own, "--region", "eu-west-1"]);
  assert.deepEqual(args.slice(0, -8).slice(-1), program.slice(-1));
  assert.deepEqual(exec, {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command,
    installHint: "install okta-aws, then run okta-aws init",
    interactiveMode: "IfAvailable",
    provideClusterInfo: false,
  });
  // A second time, and with a comment and a namespace of the person's.
  const edited = first.replace(/ {4}user: /, "    namespace: shop # mine\n    user: ")
    .replace(/( {6})installHint/, "$1env:\n$1- {name: HTTPS_PROXY, value: 'http://p'}\n$&");
  await home.write(".kube/config", edited);
  assert.equal((await home.run([...words, "-q"])).stderr, "");
  assert.equal(await home.read(".kube/config"), edited);
  // Another role sees the same cluster: the first one keeps its entry.
  const admin = words.map((word) => word === "Developer" ? "Administrator" : word);
  await home.run([...admin, "--alias", "{account}-{cluster}-{role}"]);
  const both = parse(await home.read(".kube/config"));
  assert.deepEqual(both.users.map(({ name }: { name: string }) => name), [
    arn,
    `${arn}@Administrator`,
  ]);
  assert.equal(both["current-context"], "acme-production-prod-Administrator");
  assert.deepEqual(both.contexts[1].context, { cluster: arn, user: `${arn}@Administrator` });
  assert.equal(both.clusters.length, 1);
});

Deno.test("kube setup --all finds the clusters of all roles and regions, in KUBECONFIG's files", async () => {
  const coming: SimCluster = {
    name: "new",
    accountId: "123456789012",
    region: "us-east-1",
    status: "CREATING",
  };
  await using sim = await startSimulator({ world: { clusters: [PROD, STAGE, AUDIT, coming] } });
  sim.world.aws.regions = ["eu-west-1", "us-east-1", "us-east-2"];
  sim.world.aws.eksPageSize = 1;
  sim.world.aws.eksDenied = ["arn:aws:iam::123456789012:role/Administrator"];
  await using home = await setUpHome(sim);
  const other = `apiVersion: v1
clusters: # of others
- cluster: {server: "https://x"}
  name: x
- cluster:
    server: https://old
  name: ${arnOf(AUDIT)}
current-context: x
`;
  await home.write("two", other);
  const paths = ["one", "two"].map((name) => `${home.folder}/${name}`);
  const env = { KUBECONFIG: pathList(...paths) };
  const { code, stdout, stderr } = await home.run(["kube", "setup", "--all", "--json"], { env });
  assert.equal(code, 0, stderr);
  const { contexts, failed } = JSON.parse(stdout);
  const found = contexts.map(({ context, cluster, profile, region, file }: never) =>
    [context, cluster, profile, region, file] as string[]
  );
  assert.deepEqual(
    found.sort(),
    [
      ["acme-production/prod", PROD, "okta-acme-production-Developer"] as const,
      ["acme-production/stage", STAGE, "okta-acme-production-Developer"] as const,
      ["210987654321/audit", AUDIT, "okta-210987654321-ReadOnly"] as const,
    ].map(([name, one, profile]) => [name, arnOf(one), profile, one.region, paths[1]]).sort(),
  );
  assert.deepEqual(
    new Set(
      failed.map(({ profile, code }: { profile: string; code: string }) => `${profile} ${code}`),
    ),
    new Set([
      "okta-acme-production-Administrator AccessDeniedException",
      "okta-acme-production-Developer cluster_not_ready",
    ]),
  );
  assert.equal(await home.read("one"), "");
  const two = await home.read("two");
  const kept = other.slice(0, other.indexOf("https://old"));
  const added = `https://audit.example\n    certificate-authority-data: ${AUTHORITY}\n  name: `;
  assert.ok(two.startsWith(`${kept}${added}${arnOf(AUDIT)}\n- cluster:`), two);
  assert.match(two, /^current-context: x$/m);
  const told = await home.run(["kube", "setup", "--all"], { env });
  assert.match(
    told.stderr,
    /^okta-aws: okta-acme-production-Administrator in 3 regions: AWS refused ListClusters: AccessDenied/m,
  );
  assert.equal(await home.read("two"), two, "the second time nothing changes");
});

Deno.test("[cluster NAME] says for kube setup and kube token what no flag says", async () => {
  await using sim = await startSimulator({ world: { clusters: [PROD, STAGE] } });
  const developer = `arn:aws:iam::${PROD.accountId}:role/Developer`;
  const deployer = `arn:aws:iam::${PROD.accountId}:role/Deployer`;
  const trusts = [developer];
  sim.world.accounts[0]!.roles.push(
    { name: "Deployer", path: "/", maxSessionDurationSeconds: 3600, trusts },
  );
  await using home = await setUpHome(sim);
  const settings = ".config/okta-aws/config.ini";
  const section = "[cluster prod]\nprofile = Developer\nregion = eu-west-1\n" +
    `role_arn = ${deployer}\nalias = the-{cluster}\n`;
  await home.write(settings, `${await home.read(settings)}\n${section}`);
  const written = await home.run(["kube", "setup", "--cluster", "prod"]);
  assert.equal(written.code, 0, written.stderr);
  const { contexts, users } = parse(await home.read(".kube/config"));
  assert.equal(contexts[0].name, "the-prod");
  const words = ["--profile", "Developer", "--region", "eu-west-1", "--role-arn", deployer];
  assert.deepEqual(users[0].user.exec.args.slice(-6), words);
  const token = async (...words: string[]) => {
    const { code, stdout, stderr } = await home.run(["kube", "token", "--cluster", ...words]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).status.token as string;
  };
  const judge = { sts: sim.sts, cluster: "prod" };
  const plain = await token("prod");
  assert.equal(await verifyToken(plain, judge), deployer);
  assert.equal(urlOfToken(plain, judge).host, "sts.eu-west-1.amazonaws.com");
  const elsewhere = await token("prod", "--region", "us-east-1");
  assert.equal(urlOfToken(elsewhere, judge).host, "sts.us-east-1.amazonaws.com");
  // What the section says now is asked for now, not what it said when the token was kept.
  await home.write(settings, (await home.read(settings)).replace(/^role_arn.*\n/m, ""));
  assert.equal(await verifyToken(await token("prod"), judge), developer);
});

Deno.test("kube setup says what is wrong and leaves files alone", async (t) => {
  await using sim = await startSimulator({ world: { clusters: [PROD, STAGE] } });
  await using home = await setUpHome(sim);
  const setup = ["kube", "setup", "--profile", "Developer", "--region", "eu-west-1"];
  const cases: [words: string[], code: number, said: RegExp][] = [
    [setup, 2, /missing required flag: --cluster or --all/],
    [[...setup, "--all", "--cluster", "prod"], 2, /--cluster and --all can't be used together/],
    [
      [...setup, "--cluster", "nope"],
      6,
      /ResourceNotFoundException: No cluster found.*\n.*--region/,
    ],
    [[...setup, "--all", "--alias", "x"], 2, /several contexts.*\n.*\{cluster\}/],
    [[...setup, "--all", "--alias", "{cluter}"], 2, /\{cluter\}.*\n.*\{cluster\}/],
    [[...setup, "--all", "--region", "US"], 2, /--region given twice: "eu-west-1" and "US"/],
    [[...setup, "--cluster", "prod", "--role-arn", "x"], 2, /invalid role ARN: x/],
    [
      [...setup, "--cluster", "prod", "--config", ".config/okta-aws/config.ini"],
      2,
      /absolute path/,
    ],
  ];
  for (const [words, expected, said] of cases) {
    await t.step(words.slice(2).join(" "), async () => {
      const { code, stdout, stderr } = await home.run(words);
      assert.deepEqual([code, stdout], [expected, ""], stderr);
      assert.match(stderr, said);
    });
  }
  assert.equal(await home.read(".kube/config"), "");
  await home.write("broken", "clusters: nothing\n");
  const broken = ["--cluster", "prod", "--kubeconfig", `${home.folder}/broken`];
  const { code, stderr } = await home.run([...setup, ...broken]);
  assert.equal(code, 2);
  assert.match(stderr, /broken is not a kubeconfig: clusters is not a list\n {2}.*--kubeconfig/);
  assert.equal(await home.read("broken"), "clusters: nothing\n");
});

Deno.test("kube setup --all sends a wrong password once; odd places of the file are kept", {
  ignore: ignoreLinks,
}, async () => {
  await using sim = await startSimulator({ world: { clusters: [PROD] } });
  await using home = await setUpHome(sim);
  await home.run(["roles"]);
  const one = ["kube", "setup", "--cluster", "prod", "--profile", "Developer"];
  await home.write("real", "# mine\n");
  await Deno.chmod(`${home.folder}/real`, 0o640);
  await Deno.symlink("real", `${home.folder}/link`);
  const env = { KUBECONFIG: ":link::link:none", AWS_REGION: "eu-west-1" };
  const { code, stderr } = await home.run(one, { env });
  assert.equal(code, 0, stderr);
  assert.match(await home.read("real"), /^# mine\napiVersion: v1\n/);
  assert.ok((await Deno.lstat(`${home.folder}/link`)).isSymlink);
  assert.equal((await Deno.stat(`${home.folder}/real`)).mode! & 0o777, 0o640);
  const other = await home.run([...one, "--region", "cn-north-1"]);
  assert.deepEqual([other.code, other.stdout], [6, ""], other.stderr);
  await home.run(["signout"]);
  await Deno.remove(`${home.folder}/.aws/okta-aws/credentials`, { recursive: true });
  sim.requests.length = 0;
  sim.world.users[0]!.password = "changed meanwhile";
  assert.equal((await home.run(["kube", "setup", "--all"])).code, 3);
  assert.equal(signIns(sim), 1);
});

Deno.test({
  name: "kube setup --all: at a terminal, adds the clusters that are picked",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator({ world: { clusters: [PROD, STAGE] } });
    sim.world.aws.regions = ["eu-west-1"];
    await using home = await setUpHome(sim);
    const setup = ["kube", "setup", "--all", "--region", "eu-west-1"];
    const first = await runOnTerminal(home, setup);
    await first.until("Clusters to add");
    await first.until("acme-production   prod    Administrator   eu-west-1");
    await first.until("0 selected");
    await first.type("n/prod/Dev");
    await first.until("1 of 4");
    await first.type(" ");
    await first.until("1 selected");
    await first.type("\r");
    const { code, shown } = await first.end();
    assert.equal(code, 0, shown);
    assert.match(shown, /wrote context acme-production\/prod to\b/);
    const names = async () =>
      parse(await home.read(".kube/config")).contexts.map(({ name }: { name: string }) => name);
    assert.deepEqual(await names(), ["acme-production/prod"]);
    const second = await runOnTerminal(home, setup);
    await second.until("[x] acme-production   prod    Developer");
    await second.until("1 selected");
    await second.type("\x01\r");
    assert.equal((await second.end()).code, 0);
    assert.deepEqual((await names()).sort(), [
      "acme-production/prod",
      "acme-production/prod/Administrator",
      "acme-production/stage/Administrator",
      "acme-production/stage/Developer",
    ]);
    const all = await runOnTerminal(home, [...setup, "--yes"]);
    assert.equal((await all.end()).code, 0);
    assert.equal((await names()).length, 4);
  },
});
