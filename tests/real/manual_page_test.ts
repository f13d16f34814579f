/** The manual page in the real `man` (groff) and in mandoc, which macOS and Alpine have. */

import assert from "node:assert/strict";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { emptyHome, type Home } from "../cli/program.ts";
import { ignoreWithout } from "./programs.ts";

/** As install.sh does. */
async function homeWithPage(): Promise<Home> {
  const home = await emptyHome();
  const { code, stdout, stderr } = await home.run(["help", "man"]);
  assert.equal(code, 0, stderr);
  await home.write(".local/share/man/man1/okta-aws.1", stdout);
  await home.write(".local/bin/okta-aws", "");
  return home;
}

async function run(home: Home, program: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: {
      PATH: `${home.folder}/.local/bin:${Deno.env.get("PATH")}`,
      HOME: home.folder,
      MANWIDTH: "80",
      LC_ALL: "C.UTF-8",
    },
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  return decoder.decode(stdout);
}

Deno.test({
  name: "man okta-aws: shows every command, without a warning",
  ignore: ignoreWithout("man"),
  async fn() {
    await using home = await homeWithPage();
    const page = await run(home, "man", "--warnings", "okta-aws");
    for (const { name } of COMMANDS) assert.ok(page.includes(`okta-aws ${name}`), name);
    assert.match(page, /^ +-t, --session-ttl DURATION$/m);
    assert.match(page, /^ +okta-aws refresh '\*prod\/\*' --dry-run$/m);
    assert.match(page, /^ +okta-aws exec dev\/Admin -t 2h -- sh -c 'echo \$AWS_REGION'$/m);
  },
});

Deno.test({
  name: "mandoc -T lint: finds nothing in the manual page",
  ignore: ignoreWithout("mandoc"),
  async fn() {
    await using home = await homeWithPage();
    const page = `${home.folder}/.local/share/man/man1/okta-aws.1`;
    assert.equal(await run(home, "mandoc", "-T", "lint", page), "");
  },
});
