import type { Environment } from "../../src/ports.ts";

/** An environment with only these variables. */
export function fakeEnvironment(
  variables: Record<string, string> = {},
  machine: { os?: Environment["os"]; home?: string } = {},
): Environment {
  return {
    get: (name) => variables[name] || undefined,
    all: () => ({ ...variables }),
    runtime: "Deno 2.9.6, linux x86_64",
    os: machine.os ?? "linux",
    home: machine.home ?? "/home/jane",
    command: ["/usr/local/bin/okta-aws"],
  };
}
