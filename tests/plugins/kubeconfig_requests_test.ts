import assert from "node:assert/strict";
import { answerUpdateKubeconfig, updateKubeconfig } from "../../src/plugins/kubeconfig_requests.ts";
import type { AppContext } from "../../src/app/context.ts";

const context = {
  ports: { environment: { command: ["/usr/bin/okta-aws"] } },
  flags: {},
  paths: {},
} as unknown as AppContext;

const ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/prod";
const KUBECONFIG = `# mine
apiVersion: v1
kind: Config
users:
- name: somebody # a comment
  user: {token: x}
- name: ${ARN}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args: [eks, get-token]
`;

Deno.test("updateKubeconfig() changes the cluster's user and no other byte", () => {
  const entries = [{ cluster: "prod", profile: "okta-acme-Admin" }];
  const { kubeconfig, missing } = updateKubeconfig(context, KUBECONFIG, entries);
  assert.deepEqual(missing, []);
  assert.ok(kubeconfig.startsWith(KUBECONFIG.slice(0, KUBECONFIG.indexOf("    exec:"))));
  assert.match(kubeconfig, /command: \/usr\/bin\/okta-aws/);
  assert.match(kubeconfig, /- --profile\n\s+- okta-acme-Admin\n\s+- --region\n\s+- eu-west-1/);
  assert.equal(updateKubeconfig(context, kubeconfig, entries).kubeconfig, kubeconfig);
});

Deno.test("updateKubeconfig() names clusters that the text does not have", () => {
  const entries = [
    { cluster: "test", profile: "p" },
    { cluster: "prod", profile: "p", region: "us-east-1" },
  ];
  const { kubeconfig, missing } = updateKubeconfig(context, KUBECONFIG, entries);
  assert.equal(kubeconfig, KUBECONFIG);
  assert.deepEqual(missing, ["test", "prod"]);
});

Deno.test("updateKubeconfig() prefers the user that is named after the profile", () => {
  const both = `${KUBECONFIG}- name: ${ARN}@p\n  user: {}\n`;
  const { kubeconfig } = updateKubeconfig(context, both, [{ cluster: "prod", profile: "p" }]);
  assert.match(kubeconfig, /command: aws/);
  assert.match(kubeconfig.slice(KUBECONFIG.length), /command: \/usr\/bin\/okta-aws/);
});

Deno.test("answerUpdateKubeconfig() refuses more than people have", () => {
  const entry = { cluster: "prod", profile: "p" };
  const user = (at: number) =>
    `- name: ${ARN.replace("123456789012", `${at}`.padStart(12, "0"))}\n`;
  const users = `users:\n${Array.from({ length: 501 }, (_, at) => user(at)).join("")}`;
  const refused: [string, unknown[]][] = [
    [`# ${"x".repeat(100_000)}`, [entry]],
    [KUBECONFIG, Array(201).fill(entry)],
    [users, [entry]],
  ];
  for (const [kubeconfig, entries] of refused) {
    assert.throws(
      () => answerUpdateKubeconfig(context, { kubeconfig, entries }),
      /at most|more than/,
    );
  }
});

Deno.test("answerUpdateKubeconfig() takes no longer for many keys or aliases", () => {
  const entries = [{ cluster: "prod", profile: "p" }];
  const lines = (line: (at: number) => string) =>
    Array.from({ length: 2000 }, (_, at) => line(at)).join("\n");
  const keys = lines((at) => `key${at}: 1`);
  assert.deepEqual(answerUpdateKubeconfig(context, { kubeconfig: keys, entries }).missing, [
    "prod",
  ]);
  const refused = [`${keys}\nkey1: 2`, `z:\n${lines((at) => `- &a${at} x\n- *a${at}`)}`];
  for (const kubeconfig of refused) {
    assert.throws(
      () => answerUpdateKubeconfig(context, { kubeconfig, entries }),
      /unique|too many/,
    );
  }
});
