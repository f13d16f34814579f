import assert from "node:assert/strict";
import { completionNames } from "../../../src/cli/completion/names.ts";
import { fakeEnvironment } from "../../fakes/fake_environment.ts";
import { memoryFiles } from "../../fakes/memory_files.ts";

const HOME = "/home/jane";
const role = (id: string, name: string) => ({
  roleArn: `arn:aws:iam::${id}:role/${name}`,
  principalArn: `arn:aws:iam::${id}:saml-provider/Okta`,
});
const ROLES = [role("111122223333", "Admin"), role("444455556666", "team/Ops")];

Deno.test("completionNames() reads role lists, config file, settings and kubeconfig", async () => {
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
  const names = completionNames({ environment: fakeEnvironment(), files });
  const words = (list: readonly { word: string }[]) => list.map(({ word }) => word);
  const profiles = ["legacy", "work", "dev/Admin", "live/Ops"];
  assert.deepEqual(words(await names.profiles()), profiles);
  const known = await names.roles();
  assert.deepEqual(words(known), ["dev/Admin", "live/Ops"]);
  assert.deepEqual(known.map(({ also }) => also), [["okta-dev-Admin"], []]);
  assert.deepEqual(await names.roleArns(), ROLES.map(({ roleArn }) => roleArn));
  assert.deepEqual(await names.accounts(), ["acme"]);
  assert.deepEqual(await names.clusters(), ["prod-eu", "stage"]);
});

Deno.test("completionNames() finds no names when nothing is set up", async () => {
  const names = completionNames({ environment: fakeEnvironment(), files: memoryFiles() });
  for (const kind of ["profiles", "roles", "roleArns", "accounts", "clusters"] as const) {
    assert.deepEqual(await names[kind](), []);
  }
});
