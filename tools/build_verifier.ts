/**
 * `deno run -A tools/build_verifier.ts`: builds the `token.Verifier` of aws-iam-authenticator as a
 * program, outside the project's folder, for `tests/real/aws_iam_authenticator_test.ts`. Needs Go and
 * its module proxy.
 */

const VERSION = "v0.6.13";

const SOURCE = `// Verifies tokens like a cluster, but with another STS than AWS's.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"sigs.k8s.io/aws-iam-authenticator/pkg/token"
)

type redirect struct{ to *url.URL }

func (r redirect) RoundTrip(request *http.Request) (*http.Response, error) {
	sent := request.Clone(request.Context())
	sent.Host = request.URL.Host
	sent.URL.Scheme = r.to.Scheme
	sent.URL.Host = r.to.Host
	return (&http.Transport{}).RoundTrip(sent)
}

// Usage: verify STS CLUSTER PARTITION REGION, with one token per line on standard input.
func main() {
	to, err := url.Parse(os.Args[1])
	if err != nil {
		panic(err)
	}
	http.DefaultTransport = redirect{to}
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

/** The program may not be built yet. */
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
