import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

Deno.test("console and STS follow the role's partition, whatever the terminal's region is", async (t) => {
  await using sim = await startSimulator();
  const hosts = [
    ["aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"],
    ["aws-cn", "cn-northwest-1", "console.amazonaws.cn"],
    ["aws-eusc", "eusc-de-east-1", "console.amazonaws-eusc.eu"],
  ] as const;
  hosts.forEach(([partition], at) => {
    const id = `30000000000${at}`;
    const role = { name: `In-${partition}`, path: "/", maxSessionDurationSeconds: 3600 };
    sim.world.accounts.push({ id, partition, samlProviders: ["Okta"], roles: [role] });
    sim.world.apps[0]!.grants.push({
      roleArn: `arn:${partition}:iam::${id}:role/${role.name}`,
      principalArn: `arn:${partition}:iam::${id}:saml-provider/Okta`,
    });
  });
  await using home = await setUpHome(sim);
  for (const [partition, region, host] of hosts) {
    await t.step(partition, async () => {
      const { code, stdout, stderr } = await home.run(
        ["console", `In-${partition}`, "--print", "--service", "cw"],
        { env: { AWS_REGION: "us-east-1" } },
      );
      assert.equal(code, 0, stderr);
      const destination = new URL(stdout.trim()).searchParams.get("Destination");
      assert.equal(destination, `https://${region}.${host}/cloudwatch/home?region=${region}`);
    });
  }
});
