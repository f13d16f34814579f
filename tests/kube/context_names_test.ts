import { deepStrictEqual } from "node:assert/strict";
import { nameContexts, type UnnamedContext } from "../../src/kube/context_names.ts";

function context(account: string, name: string, region: string, role = "Dev"): UnnamedContext {
  const cluster = `arn:aws:eks:${region}:${account}:cluster/${name}`;
  const values = { account, account_id: account, cluster: name, region, role };
  return { cluster, user: role === "Dev" ? cluster : `${cluster}@${role}`, values };
}

const names = (
  contexts: readonly UnnamedContext[],
  existing: { name: string; cluster: unknown; user: unknown }[] = [],
) => nameContexts(contexts, [{ contexts: existing }]);

Deno.test("nameContexts() uses account and cluster", () => {
  deepStrictEqual(
    names([context("dev", "web", "eu-west-1"), context("prod", "web", "eu-west-1")]),
    [
      "dev/web",
      "prod/web",
    ],
  );
});

Deno.test("nameContexts() adds what differs to all that would have the same name", () => {
  const regions = [context("dev", "web", "eu-west-1"), context("dev", "web", "us-east-1")];
  deepStrictEqual(names(regions), ["dev/web/eu-west-1", "dev/web/us-east-1"]);
  const roles = [context("dev", "web", "eu-west-1"), context("dev", "web", "eu-west-1", "Admin")];
  deepStrictEqual(names(roles), ["dev/web/Dev", "dev/web/Admin"]);
  deepStrictEqual(names([...roles, regions[1]!]), [
    "dev/web/eu-west-1/Dev",
    "dev/web/Admin",
    "dev/web/us-east-1",
  ]);
});

Deno.test("nameContexts() keeps the names of contexts that exist, and takes no other's", () => {
  const [one, other] = [context("dev", "web", "eu-west-1"), context("dev", "web", "us-east-1")];
  const mine = { name: "mine", cluster: one.cluster, user: one.user };
  deepStrictEqual(names([one, other], [mine]), ["mine", "dev/web"]);
  const foreign = { name: "dev/web", cluster: "x", user: "y" };
  deepStrictEqual(names([one], [foreign]), ["dev/web/eu-west-1"]);
});
