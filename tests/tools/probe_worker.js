/**
 * In the compiled program, with `OKTA_AWS_PROBE_WORKER`: replaces the script of a plugin's worker by one
 * that tries what the worker's permissions allow. It answers as if it were the plugin. The binary runs
 * this file first.
 */

/** Answers with what it could do. */
export const PROBE = `
const tries = {
  read: () => Deno.readTextFile("/etc/passwd"),
  write: () => Deno.writeTextFile("/tmp/okta-aws-probe", "x"),
  env: () => Deno.env.get("HOME"),
  net: () => Deno.connect({ port: 1 }).catch((e) => { if (e.name === "NotCapable") throw e; }),
  run: () => new Deno.Command("/bin/true").output(),
  sys: () => Deno.hostname(),
  ffi: () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
  fs: () => process.getBuiltinModule("node:fs").readFileSync("/etc/passwd"),
  worker: () => new Worker("data:text/javascript,1", { type: "module", deno: { permissions: { read: true } } }),
};
async function probe() {
  const could = [];
  for (const [name, attempt] of Object.entries(tries)) {
    try { await attempt(); could.push(name); } catch { /* as it should be */ }
  }
  for (const name of ["read", "write", "env", "net", "run", "sys", "ffi", "import"]) {
    if (Deno.permissions.querySync({ name }).state === "granted") could.push("permission " + name);
  }
  return could.join() || "nothing";
}
onmessage = async ({ data }) => {
  if (typeof data === "string") postMessage(JSON.stringify({ kind: "done", value: await probe() }));
};
`;

if (Deno.env.get("OKTA_AWS_PROBE_WORKER") !== undefined) {
  globalThis.Worker = class extends Worker {
    constructor(_, options) {
      super(`data:text/javascript,${encodeURIComponent(PROBE)}`, options);
    }
  };
}
