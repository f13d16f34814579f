import assert from "node:assert/strict";
import { listPortalRoles } from "../../src/identity_center/portal_roles.ts";
import type { SsoAccess } from "../../src/identity_center/sso_access.ts";
import type { HttpResponse } from "../../src/ports.ts";
import { Secret } from "../../src/secret.ts";
import { jsonAnswer } from "../fakes/scripted_http.ts";

const PORTAL = "https://portal.sso.eu-west-1.amazonaws.com";

/** A portal that answers by path and query. */
async function list(answer: (url: URL) => HttpResponse) {
  const asked: string[] = [];
  let atOnce = 0;
  let most = 0;
  const progress: string[] = [];
  const access = {
    session: { region: "eu-west-1" },
    endpoints: { portal: { url: PORTAL } },
    async send({ url }: { url: string }) {
      asked.push(url.slice(PORTAL.length));
      most = Math.max(most, ++atOnce);
      await Promise.resolve();
      atOnce -= 1;
      return answer(new URL(url));
    },
  } as unknown as SsoAccess;
  const found = await listPortalRoles({
    access,
    withToken: (work) => work(new Secret("aoa")),
    onAccount: (done, total) => progress.push(`${done}/${total}`),
  });
  return { found, asked, most, progress };
}

const account = (index: number, accountName = `Team ${index}`) => ({
  accountId: String(100000000000 + index),
  accountName,
});

Deno.test("lists all pages of accounts and roles, a few accounts at a time", async () => {
  const accounts = Array.from({ length: 30 }, (_, index) => account(index));
  const { found, most, progress } = await list((url) => {
    const next = url.searchParams.get("next_token");
    if (url.pathname === "/assignment/accounts") {
      const accountList = next === null ? accounts.slice(0, 20) : accounts.slice(20);
      return jsonAnswer(200, { accountList, nextToken: next === null ? "p2" : null });
    }
    const roleList = [{ roleName: next === null ? "Admin" : "ReadOnly" }];
    return jsonAnswer(200, { roleList, nextToken: next === null ? "r2" : null });
  });
  assert.equal(found.roles.length, 60);
  assert.deepEqual(found.roles.slice(0, 2).map(({ roleArn }) => roleArn.split("/").at(-1)), [
    "Admin",
    "ReadOnly",
  ]);
  assert.equal(found.aliases["100000000007"], "team-7");
  assert.ok(most > 1 && most <= 8, String(most));
  assert.equal(progress.at(-1), "30/30");
});

Deno.test("entries that are not accounts or roles are skipped; a page that names itself as the next ends the list", async () => {
  const { found, asked } = await list((url) => {
    if (url.pathname === "/assignment/accounts") {
      const accountList = [account(1, "日本"), { accountId: "1", accountName: "x" }];
      return jsonAnswer(200, { accountList, nextToken: "same" });
    }
    const roleList = [{ roleName: "Fine" }, { roleName: "not [a] role" }];
    return jsonAnswer(200, { roleList });
  });
  assert.equal(asked.filter((path) => path.startsWith("/assignment/accounts")).length, 2);
  assert.ok(found.roles.every(({ roleArn }) => roleArn.endsWith("/Fine")));
  assert.deepEqual(found.aliases, {});
  assert.ok(found.skipped.some((line) => /not a role/.test(line)));
});

Deno.test("an account that is gone is skipped, a session that is over ends it", async () => {
  const accountList = [account(1), account(2)];
  const gone = await list((url) => {
    if (url.pathname === "/assignment/accounts") return jsonAnswer(200, { accountList });
    if (url.searchParams.get("account_id") === "100000000001") {
      return jsonAnswer(404, { __type: "ResourceNotFoundException", message: "gone" });
    }
    return jsonAnswer(200, { roleList: [{ roleName: "Admin" }] });
  });
  assert.equal(gone.found.roles.length, 1);
  assert.match(gone.found.skipped[0]!, /Team 1 \(100000000001\): .*gone/);
  const over = list((url) =>
    url.pathname === "/assignment/accounts"
      ? jsonAnswer(200, { accountList })
      : jsonAnswer(401, { __type: "UnauthorizedException" })
  );
  await assert.rejects(over, { name: "SignInError", code: "UnauthorizedException" });
});

Deno.test("skips, and says so, what is no account id and no role's name", async () => {
  const { found } = await list((url) =>
    jsonAnswer(
      200,
      url.pathname === "/assignment/accounts"
        ? { accountList: [account(1), { accountId: "1234" }] }
        : { roleList: [{ roleName: "a/b" }, { roleName: "" }, { roleName: "Ok" }] },
    )
  );
  assert.deepEqual(found.roles.map(({ roleArn }) => roleArn.split("/").at(-1)), ["Ok"]);
  assert.deepEqual(found.skipped, [
    "not an account id: 1234",
    "Team 1 (100000000001): not a role: a/b",
    "Team 1 (100000000001): not a role: ",
  ]);
});
