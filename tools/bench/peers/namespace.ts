/**
 * A network of its own, in which Okta's and AWS's production names lead to the simulator: Linux
 * namespaces, which end with the process.
 */

import { fileURLToPath } from "node:url";

/** The names, and the loopback address of each. */
export const HOSTS: Readonly<Record<string, string>> = {
  "acme.okta.com": "127.0.0.2",
  "sts.us-east-1.amazonaws.com": "127.0.0.3",
  "sts.amazonaws.com": "127.0.0.3",
  "signin.aws.amazon.com": "127.0.0.4",
  "us-east-1.signin.aws.amazon.com": "127.0.0.4",
};

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Runs a script of ours in new namespaces, with our streams.
 *
 * @returns Its exit code; `undefined` if this system does not allow it.
 */
export async function runInNamespace(
  script: URL,
  args: readonly string[],
  env: Record<string, string>,
): Promise<number | undefined> {
  const own = Deno.uid() === 0 ? [] : ["--user", "--map-root-user"];
  const kinds = ["--net", "--mount", ...own];
  const probe = new Deno.Command("unshare", { args: [...kinds, "true"], stderr: "null" });
  if (!await probe.output().then(({ success }) => success, () => false)) return undefined;
  const command = [
    Deno.execPath(),
    "run",
    "--no-prompt",
    "-A",
    fileURLToPath(script),
  ];
  const child = new Deno.Command("unshare", { args: [...kinds, ...command, ...args], env }).spawn();
  return (await child.status).code;
}

/**
 * Acknowledges each packet at once. Otherwise the simulator, whose runtime can't turn off Nagle's
 * algorithm, sends the rest of a large page 40 ms late, which no server of Okta or AWS does.
 */
async function acknowledgeQuickly(): Promise<void> {
  for (const destination of ["127.0.0.0/8", "127.0.0.1"]) {
    const route = ["local", destination, "dev", "lo", "table", "local", "src", "127.0.0.1"];
    await run(
      "ip",
      "route",
      "replace",
      ...route,
      "scope",
      "host",
      "proto",
      "kernel",
      "quickack",
      "1",
    );
  }
}

/** Sets up the network, in the namespace. */
export async function setUpNetwork(folder: string): Promise<void> {
  await run("ip", "link", "set", "lo", "up");
  await acknowledgeQuickly();
  const lines = Object.entries({ localhost: "127.0.0.1", ...HOSTS })
    .map(([name, address]) => `${address} ${name}\n`);
  await Deno.writeTextFile(`${folder}/hosts`, lines.join(""));
  await run("mount", "--bind", `${folder}/hosts`, "/etc/hosts");
}

/** PEM files. */
export interface Certificate {
  cert: string;
  key: string;
  /** The path of the authority's. */
  authority: string;
}

/** Makes an authority and a certificate for all names, valid for two days. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const at = (name: string) => `${folder}/${name}`;
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const own = ["-subj", "/CN=okta-aws bench", "-keyout", at("ca.key"), "-out", at("ca.pem")];
  await run("openssl", "req", "-x509", ...key, ...own, "-days", "2");
  const asked = ["-subj", "/CN=bench", "-keyout", at("key.pem"), "-out", at("request.pem")];
  await run("openssl", "req", ...key, ...asked);
  const names = Object.keys(HOSTS).map((name) => `DNS:${name}`).join(",");
  await Deno.writeTextFile(
    at("extensions"),
    `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`,
  );
  const signed = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2"];
  const result = ["-in", at("request.pem"), "-out", at("cert.pem"), "-extfile", at("extensions")];
  await run("openssl", "x509", "-req", ...result, ...signed);
  return {
    cert: await Deno.readTextFile(at("cert.pem")),
    key: await Deno.readTextFile(at("key.pem")),
    authority: at("ca.pem"),
  };
}
