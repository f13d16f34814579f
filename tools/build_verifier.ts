/**
 * Builds aws-iam-authenticator's own `token.Verifier` as a program for
 * `tests/real/aws_iam_authenticator_test.ts`, outside the project's folder:
 * `deno run -A tools/build_verifier.ts`. Needs Go and its module proxy.
 *
 * @module
 */

const VERSION = "v0.6.13";

const SOURCE = `// Judges tokens as a cluster does, with an STS that stands in for AWS's.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"sigs.k8s.io/aws-iam-authenticator/pkg/token"
)

type substitute struct{ to *url.URL }

func (s substitute) RoundTrip(request *http.Request) (*http.Response, error) {
	sent := request.Clone(request.Context())
	sent.Host = request.URL.Host
	sent.URL.Scheme = s.to.Scheme
	sent.URL.Host = s.to.Host
	return (&http.Transport{}).RoundTrip(sent)
}

// verify STS CLUSTER PARTITION REGION, a token a line on standard input.
func main() {
	to, err := url.Parse(os.Args[1])
	if err != nil {
		panic(err)
	}
	http.DefaultTransport = substitute{to}
	verifier := token.NewVerifier(os.Args[2], os.Args[3], os.Args[4])
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		identity, err := verifier.Verify(lines.Text())
		if err != nil {
			fmt.Printf("refused %v\\n", err)
		} else {
			fmt.Printf("accepted %s\\n", identity.CanonicalARN)
		}
	}
}
`;

/** @returns Where the program is, whether it has been built or not. */
export function verifierPath(): string {
  const home = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  return `${home}/okta-aws-tests/aws-iam-authenticator-${VERSION}/verify`;
}

async function go(cwd: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command("go", { args, cwd, stdout: "inherit" }).output();
  if (!success) throw new Error(`go ${args.join(" ")} failed`);
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "okta-aws-verifier-" });
  try {
    await Deno.writeTextFile(`${folder}/main.go`, SOURCE);
    await go(folder, "mod", "init", "verify");
    await go(folder, "get", `sigs.k8s.io/aws-iam-authenticator@${VERSION}`);
    await go(folder, "mod", "tidy");
    const path = verifierPath();
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await go(folder, "build", "-o", path, ".");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
