/** A writer to be killed: adds, changes and removes a section of ours in a file, again and again. @module */

import { editFile } from "../../../src/app/edit_file.ts";
import { openContext } from "../../../src/cli/invocation.ts";
import { parseIni } from "../../../src/ini/document.ts";
import { editIni, type IniEdit } from "../../../src/ini/edit.ts";
import { systemFiles } from "../../../src/platform/files/files.ts";
import type { Ports } from "../../../src/ports.ts";

const [home, path] = Deno.args as [string, string];
const ports = {
  files: systemFiles(),
  clock: { now: () => Date.now() },
  output: { columns: 80 },
  environment: { home, os: Deno.build.os, get: () => undefined },
} as unknown as Ports;
const context = await openContext(ports, {}, "foreground");
for (let count = 0;; count++) {
  const value = `${count}`.repeat(2000);
  const edit: IniEdit = count % 3 === 2
    ? { kind: "remove", section: "okta-ours" }
    : { kind: "set", section: "okta-ours", set: [["a", value], ["b", value]] };
  await editFile(context, {
    path,
    backup: true,
    change: (text) => editIni(parseIni(text), [edit]),
  });
  if (count === 0) Deno.stdout.writeSync(new Uint8Array([10]));
}
