import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { childEnvironment, childNetwork } from "../../../src/platform/processes/child_process.ts";
import { PROXY_AUTHORITY, startInterceptingProxy } from "../../fakes/intercepting_proxy.ts";
import { LOOPBACK_TLS } from "../../sim/tls_certificate.ts";
import { scratchTest } from "../scratch_folder.ts";

Deno.test("childEnvironment() drops our secrets, in any case, and nothing else", () => {
  const all = {
    OKTA_AWS_PASSWORD: "p",
    Okta_Aws_Totp: "t",
    OKTA_AWS_FILE_PASSPHRASE: "f",
    OKTA_AWS_ACCOUNT: "work",
    PATH: "/bin",
  };
  deepStrictEqual(childEnvironment(all), { OKTA_AWS_ACCOUNT: "work", PATH: "/bin" });
});

function variables(own: Record<string, string>, caBundle?: string): Record<string, string> {
  return childNetwork({ environment: { get: (name) => own[name] || undefined }, caBundle });
}

Deno.test("childNetwork() writes proxies as Deno reads them", () => {
  const store = { DENO_TLS_CA_STORE: "system,mozilla" };
  const proxy = "http://proxy.example:3128";
  deepStrictEqual(variables({}), store);
  deepStrictEqual(
    variables({ https_proxy: ` ${proxy} `, no_proxy: "*.A.example:443 10.0.0.0/8, [::1]:80 b." }),
    { ...store, HTTPS_PROXY: proxy, NO_PROXY: ".a.example,10.0.0.0/8,::1,b" },
  );
  deepStrictEqual(variables({ HTTP_PROXY: proxy, NO_PROXY: "x,*" }), store);
});

Deno.test("childNetwork() names the files of certificate authorities", () => {
  deepStrictEqual(variables({ AWS_CA_BUNDLE: "/a", SSL_CERT_FILE: "/s" }, "/c"), {
    DENO_TLS_CA_STORE: "system,mozilla",
    DENO_CERT: "/c",
    NODE_EXTRA_CA_CERTS: "/a",
    SSL_CERT_FILE: "/s",
  });
  deepStrictEqual(variables({ AWS_CA_BUNDLE: "/a", DENO_TLS_CA_STORE: "mozilla" }), {
    DENO_TLS_CA_STORE: "mozilla",
    DENO_CERT: "/a",
  });
});

scratchTest(
  "a child with childNetwork()'s variables goes through the proxy, by its authority",
  async (folder) => {
    await Deno.writeTextFile(`${folder}/ca.pem`, PROXY_AUTHORITY);
    await using proxy = startInterceptingProxy({ user: "jo", password: "p:w" });
    const quiet = { port: 0, hostname: "127.0.0.1", onListen() {} };
    await using server = Deno.serve({ ...quiet, ...LOOPBACK_TLS }, () => new Response("reached"));
    const url = `https://localhost:${server.addr.port}/`;
    const own = { https_proxy: proxy.url, AWS_CA_BUNDLE: `${folder}/ca.pem` };
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", `console.log(await (await fetch("${url}")).text())`],
      env: { PATH: Deno.env.get("PATH")!, HOME: folder, ...variables(own) },
      clearEnv: true,
    }).output();
    strictEqual(new TextDecoder().decode(stdout), "reached\n");
    deepStrictEqual(proxy.requests, [`GET ${url}`]);
  },
);
