import assert from "node:assert/strict";
import { NtExecutable, NtExecutableResource, Resource } from "resedit";
import { setWindowsResources } from "../../../tools/compile/windows_resources.ts";

const icon = await Deno.readFile(new URL("../../../tools/compile/okta-aws.ico", import.meta.url));

/** A program with the resource in which `deno compile` stores its bundle. */
function program(): Uint8Array<ArrayBuffer> {
  const executable = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(executable);
  const bin = new TextEncoder().encode("bundle").buffer;
  resources.entries.push({ type: 10, id: "D3N0L4ND", lang: 0, codepage: 0, bin });
  resources.outputResource(executable);
  return new Uint8Array(executable.generate());
}

function entriesOf(bytes: Uint8Array<ArrayBuffer>) {
  return NtExecutableResource.from(NtExecutable.from(bytes)).entries;
}

Deno.test("setWindowsResources() adds icon and version once and keeps the bundle", () => {
  const once = setWindowsResources(program(), { version: "1.2.3", icon });
  const entries = entriesOf(setWindowsResources(once, { version: "1.20.3", icon }));
  const bundle = entries.find(({ id }) => id === "D3N0L4ND");
  assert.equal(new TextDecoder().decode(bundle?.bin), "bundle");
  const [group, ...noMore] = Resource.IconGroupEntry.fromEntries(entries);
  assert.deepEqual(group?.icons.map(({ width }) => width || 256), [16, 32, 48, 256]);
  assert.deepEqual(noMore, []);
  const [info, ...others] = Resource.VersionInfo.fromEntries(entries);
  assert.deepEqual(others, []);
  assert.equal(info?.fixedInfo.fileVersionMS, 0x10014);
  const values = info?.getStringValues({ lang: 1033, codepage: 1200 });
  assert.equal(values?.["FileVersion"], "1.20.3.0");
  assert.equal(values?.["ProductName"], "okta-aws");
});
