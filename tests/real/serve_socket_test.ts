/** A container as far as okta-aws goes: another home that has the socket, curl and the AWS CLI. */

import assert from "node:assert/strict";
import { setUpHome } from "../cli/program.ts";
import { serve } from "../cli/served.ts";
import { startSimulator } from "../sim/simulator.ts";
import { ignoreWithout } from "./programs.ts";

const ARN = "arn:aws:sts::123456789012:assumed-role/Developer/jane@example.com";

Deno.test({
  name: "serve: the AWS CLI of another home gets credentials by curl over the socket",
  ignore: ignoreWithout("aws", "curl"),
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const mounted = await Deno.makeTempDir({ prefix: "okta-aws-test-" });
    const other = await Deno.makeTempDir({ prefix: "okta-aws-test-" });
    try {
      await using _ = await serve(home, ["--socket", `${mounted}/okta-aws.sock`]);
      await Deno.copyFile(`${home.folder}/.aws/okta-aws/server/header`, `${mounted}/header`);
      await Deno.mkdir(`${other}/.aws`);
      await Deno.writeTextFile(
        `${other}/.aws/config`,
        `[default]\ncredential_process = curl -sSf --unix-socket ${mounted}/okta-aws.sock ` +
          `-H @${mounted}/header http://localhost/process/Developer\nregion = eu-west-1\n`,
      );
      const { code, stdout, stderr } = await new Deno.Command("aws", {
        args: ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
        clearEnv: true,
        env: { PATH: Deno.env.get("PATH")!, HOME: other, AWS_ENDPOINT_URL_STS: sim.sts },
        stdin: "null",
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      assert.equal(new TextDecoder().decode(stdout).trim(), ARN);
    } finally {
      for (const folder of [mounted, other]) await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "serve: another user of the machine gets neither the socket nor the token",
  ignore: ignoreWithout("curl") || Deno.build.os !== "linux" || Deno.uid() !== 0,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const shared = await Deno.makeTempDir({ prefix: "okta-aws-test-" });
    await Deno.chmod(shared, 0o755);
    try {
      await using server = await serve(home, ["--socket", `${shared}/s`]);
      const curl = async (uid: number, ...args: string[]) =>
        await new Deno.Command("curl", { args: ["-sS", ...args], uid, gid: uid, cwd: "/" })
          .output();
      const path = "http://localhost/process/Developer";
      const header = `${home.folder}/.aws/okta-aws/server/header`;
      assert.equal(
        (await curl(0, "-f", "--unix-socket", `${shared}/s`, "-H", `@${header}`, path)).code,
        0,
      );
      assert.notEqual((await curl(65534, "--unix-socket", `${shared}/s`, path)).code, 0);
      const { stdout } = await curl(65534, "-H", `@${header}`, `${server.url}/process/Developer`);
      assert.doesNotMatch(new TextDecoder().decode(stdout), /AccessKeyId/);
    } finally {
      await Deno.remove(shared, { recursive: true });
    }
  },
});
