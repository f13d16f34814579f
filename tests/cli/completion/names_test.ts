import assert from "node:assert/strict";
import { readCompletionNames } from "../../../src/cli/completion/names.ts";
import { fakeEnvironment } from "../../fakes/fake_environment.ts";
import { memoryFiles } from "../../fakes/memory_files.ts";

const HOME = "/home/jane";
const role = (id: string, name: string) => ({
  roleArn: `arn:aws:iam::${id}:role/${name}`,
  principalArn: `arn:aws:iam::${id}:saml-provider/Okta`,
});
const ROLES = [role("111122223333", "Admin"), role("444455556666", "team/Ops")];

Deno.test("readCompletionNames() reads role lists, config file, settings and kubeconfig", async () => {
  const files = memoryFiles();
  const roles = `${HOME}/.aws/okta-aws/roles`;
  const profile = { profile: "okta-dev-Admin", basis: "" };
  files.put(
    `${roles}/1.json`,
    JSON.stringify({
      version: 1,
      account: "acme",
      apps: { "https://acme.okta.com/app": { seen: 0, roles: ROLES } },
      aliases: { "111122223333": "dev" },
      names: { [ROLES[0]!.roleArn]: profile },
      written: {},
    }),
  );
  files.put(`${roles}/2.json`, "damaged");
  files.put(
    `${HOME}/.aws/config`,
    "[profile okta-dev-Admin]\ncredential_process = okta-aws cred-process okta-dev-Admin\n" +
      "[profile legacy]\nrole_arn = arn:aws:iam::111122223333:role/X\n[profile sso]\nsso_session = s\n",
  );
  files.put(
    `${HOME}/.config/okta-aws/config.ini`,
    "[account acme]\norg = acme.okta.com\n[aws-account 444455556666]\nalias = live\n" +
      "[alias work]\nrole = dev/Admin\n",
  );
  files.put(
    `${HOME}/.kube/config`,
    "users:\n- user:\n    exec:\n      args:\n      - kube\n      - token\n      - --cluster\n" +
      "      - prod-eu\n- name: arn:aws:eks:eu-west-1:111122223333:cluster/stage\n",
  );
  const names = await readCompletionNames({ environment: fakeEnvironment(), files });
  const words = (list: readonly { word: string }[]) => list.map(({ word }) => word);
  assert.deepEqual(words(names.profiles), ["legacy", "work"]);
  assert.deepEqual(words(names.roles), ["dev/Admin", "live/Ops"]);
  assert.deepEqual(names.roles.map(({ also }) => also), [["okta-dev-Admin"], []]);
  assert.deepEqual(names.roleArns, ROLES.map(({ roleArn }) => roleArn));
  assert.deepEqual(names.accounts, ["acme"]);
  assert.deepEqual(names.clusters, ["prod-eu", "stage"]);
});

Deno.test("readCompletionNames() finds no names when nothing is set up", async () => {
  const names = await readCompletionNames({ environment: fakeEnvironment(), files: memoryFiles() });
  assert.deepEqual(names, { profiles: [], roles: [], roleArns: [], accounts: [], clusters: [] });
});
