/**
 * A plugin that tries to get out. Read as text by escape_test.ts and run in the sandbox. Each attempt
 * returns what it got, which should be nothing.
 */

// deno-lint-ignore-file

const attempts = {
  // Files: secrets, grants, cache, other plugins, the machine's own.
  readSecrets: (e) => Deno.readTextFileSync(`${e.home}/.config/okta-aws/secrets/default`),
  readGrants: (e) => Deno.readTextFileSync(`${e.home}/.config/okta-aws/grants.json`),
  readCredentials: (e) => Deno.readTextFile(`${e.home}/.aws/credentials`),
  readThroughFetch: (e) => fetch(`file://${e.home}/.aws/credentials`).then((r) => r.text()),
  readFolder: (e) => [...Deno.readDirSync(`${e.home}/.aws/okta-aws`)],
  readOtherPlugin: (e) => Deno.readTextFileSync(`${e.home}/other.ts`),
  openCredentials: (e) => Deno.openSync(`${e.home}/.aws/credentials`).readSync(new Uint8Array(9)),
  statCredentials: (e) => Deno.statSync(`${e.home}/.aws/credentials`).size,
  realPath: (e) => Deno.realPathSync(`${e.home}/.aws/credentials`),
  copy: (e) => (Deno.copyFileSync(`${e.home}/.aws/credentials`, `${e.home}/mine.txt`), "copied"),
  rename: (e) => (Deno.renameSync(`${e.home}/.aws/credentials`, `${e.home}/mine.txt`), "moved"),
  link: (e) => (Deno.linkSync(`${e.home}/.aws/credentials`, `${e.home}/mine.txt`), "linked"),
  symlink: (e) => (Deno.symlinkSync(`${e.home}/.aws/credentials`, `${e.home}/mine.txt`), "linked"),
  climb: (e) => Deno.readTextFileSync(`${e.home}/mine.txt/../.aws/credentials`),
  writeElsewhere: (e) => (Deno.writeTextFileSync(`${e.home}/.bashrc`, "evil"), "wrote"),
  temporary: () => Deno.makeTempFileSync(),
  environOfParent: () => Deno.readTextFileSync(`/proc/${Deno.ppid}/environ`),
  environOfSelf: () => Deno.readTextFileSync("/proc/self/environ"),
  commandLine: () => Deno.readTextFileSync("/proc/self/cmdline"),
  // Environment, network, programs, native code.
  variable: () => Deno.env.get("CANARY"),
  variables: () => Object.keys(Deno.env.toObject())[0],
  fetch: () => fetch(attempts.url).then((r) => r.text()),
  connect: () => Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(attempts.url).port) }),
  websocket: () => new WebSocket(attempts.url.replace("http", "ws")).url,
  listen: () => Deno.listen({ port: 0 }).addr.port,
  resolve: () => Deno.resolveDns("localhost", "A").then(String),
  run: () => new Deno.Command("/bin/sh", { args: ["-c", "echo $0"] }).outputSync().code,
  dlopen: () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
  hostname: () => Deno.hostname(),
  // Permissions.
  request: () => Deno.permissions.requestSync({ name: "read" }).state,
  // Standard streams, the process, the terminal.
  readInput: () => Deno.stdin.readSync(new Uint8Array(10)),
  writeOutput: () => Deno.stdout.writeSync(new TextEncoder().encode("forged\n")),
  writeErrors: () => Deno.stderr.writeSync(new TextEncoder().encode("forged\n")),
  terminal: () => Deno.openSync("/dev/tty", { write: true }),
  standardInput: () => Deno.openSync("/dev/stdin"),
  process: () => process.pid,
  processByGlobal: () => globalThis.global.process.pid,
  killSelf: () => (Deno.kill(Deno.pid, "SIGKILL"), "killed"),
  killParent: () => (Deno.kill(Deno.ppid, "SIGKILL"), "killed"),
  exit: () => (Deno.exit(0), "left"),
  exitCode: () => (Deno.exitCode = 3),
  close: () => (close(), "closed"),
  signals: () => (Deno.addSignalListener("SIGTERM", () => {}), "listens"),
  // Imports.
  importFile: (e) => import(`file://${e.home}/canary.json`, { with: { type: "json" } }),
  importText: (e) => import(`file://${e.home}/.aws/credentials`, { with: { type: "text" } }),
  importBytes: (e) => import(`file://${e.home}/.aws/credentials`, { with: { type: "bytes" } }),
  importCode: (e) => import(`file://${e.home}/other.ts`),
  importRelative: () => import("./other.ts"),
  importNode: () => import("node:fs"),
  importBare: () => import("fs"),
  importData: () => import("data:text/javascript,export default 1"),
  importBlob: () =>
    import(URL.createObjectURL(new Blob(["export default 1"], { type: "text/javascript" }))),
  importRemote: () => import(attempts.url + "x.js"),
  importNpm: () => import("npm:yaml"),
  importAfterPollution: async () => {
    String.prototype.includes = String.prototype.startsWith = () => true;
    Object.prototype.shortCircuit = true;
    Array.prototype[Symbol.iterator] = function* () {};
    Array.prototype.push = Array.prototype.pop = () => undefined;
    Function.prototype.call = Function.prototype.apply = () => undefined;
    return await import("node:os");
  },
  require: () => require("node:fs"),
  builtin: () => process.getBuiltinModule("node:fs"),
  // Other realms, code from strings, Deno's inside.
  worker: () => new Worker("data:text/javascript,postMessage(1)", { type: "module" }),
  channel: () => new BroadcastChannel("x"),
  evaluate: () => eval("typeof process === 'object' ? process : undefined"),
  construct: () => new Function("return globalThis.process ?? globalThis.require")(),
  constructImport: () => new Function("return import('node:fs')")(),
  constructAsync: () => (async () => {}).constructor("return await import('node:os')")(),
  timer: () => setTimeout("globalThis.evil = 1", 0),
  internal: () => Deno[Deno.internal].core.ops,
  internalBySymbol: () =>
    Object.getOwnPropertySymbols(Deno).map((symbol) => Deno[symbol]?.core).find((core) => core),
  reflected: () => Reflect.ownKeys(Deno).find((key) => typeof Deno[key]?.core === "object"),
  stack: () => {
    const found = [];
    Error.prepareStackTrace = (_, sites) => sites.map((site) => found.push(site.getThis()));
    void new Error("x").stack;
    return found.find((one) => one?.process ?? one?.Worker);
  },
  caches: () => caches.open("x").then(() => "opened"),
  storage: () => localStorage.length,
};

const endings = {
  hang: () => new Promise(() => {}),
  loop: () => {
    for (;;);
  },
  microtasks: () => {
    const again = () => Promise.resolve().then(again);
    return again();
  },
  floodLog: (_, host) => {
    for (;;) host.log("x".repeat(10_000));
  },
  floodRequests: async (_, host) => {
    for (;;) void host.confirm("x".repeat(10_000));
  },
  floodAnswer: () => "x".repeat(20_000_000),
  buffers: () => {
    for (const all = [];;) all.push(new Uint8Array(10_000_000).fill(1));
  },
  heap: () => {
    for (const all = [];;) all.push({ text: `${Math.random()}` });
  },
  recursion: () => endings.recursion() + 1,
  later: () => {
    setTimeout(() => {
      throw new Error("later");
    });
    return new Promise(() => {});
  },
  rejected: () => {
    void Promise.reject(new Error("nobody waits"));
    return new Promise(() => {});
  },
  cyclic: () => {
    const all = [];
    all.push(all);
    return all;
  },
  bigint: () => 1n,
  control: () => "\x1b]0;owned\x07\u202ereversed",
};

async function describe(attempt, event, host) {
  try {
    const got = await attempt(event, host);
    // Not its text: a module's namespace has none.
    return got === undefined || got === null ? undefined : `got a ${typeof got}`;
  } catch {
    return undefined;
  }
}

export default {
  name: "attacks",
  apiVersion: 1,
  permissions: { write: ["~/mine.txt"] },
  commands: {
    attack: {
      brief: "tries everything",
      async run(event, host) {
        attempts.url = event.args[0];
        const got = {};
        for (const [name, attempt] of Object.entries(attempts)) {
          if (typeof attempt !== "function") continue;
          const found = await describe(attempt, event, host);
          if (found !== undefined) got[name] = found;
        }
        console.log("printed");
        return JSON.stringify(got);
      },
    },
    end: { brief: "goes wrong", run: (event, host) => endings[event.args[0]](event, host) },
  },
};
