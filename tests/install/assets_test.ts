import assert from "node:assert/strict";
import { TARGETS } from "../../tools/compile/targets.ts";

const read = (name: string) => Deno.readTextFile(new URL(`../../${name}`, import.meta.url));

Deno.test("install scripts: request the file names of a release", async () => {
  const shell = await read("install.sh");
  const all = (pattern: RegExp) => [...shell.matchAll(pattern)].map((match) => match[1]!);
  const systems = all(/\bsystem=(\w+)/g);
  const machines = [...new Set(all(/\bmachine=(\w+)/g))];
  const asked = systems.flatMap((system) => machines.map((one) => `okta-aws-${system}-${one}`));
  const powershell = await read("install.ps1");
  assert.match(powershell, /\$asset = "okta-aws-windows-\$machine\.exe\.gz"/);
  const [, ...chosen] = /\$machine = .+'(\w+)'.+'(\w+)'/.exec(powershell)!;
  const windows = chosen.map((machine) => `okta-aws-windows-${machine}.exe`);
  assert.deepEqual([...asked, ...windows].sort(), TARGETS.map(({ asset }) => asset).sort());
  assert.match(shell, /"\$asset\.gz"/);
});

Deno.test("install scripts: use the same releases URL, and do nothing when incomplete", async () => {
  const [shell, powershell] = [await read("install.sh"), await read("install.ps1")];
  const url = /^RELEASES=(\S+)$/m.exec(shell)?.[1];
  assert.equal(/\$releases = '(\S+)'/.exec(powershell)?.[1], url);
  assert.match(shell, /^main\n$/m);
  assert.match(powershell, /^\}\n\nInstall-OktaAws\n$/m);
});
