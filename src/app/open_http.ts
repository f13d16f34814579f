import { settingsFile } from "../settings/paths.ts";
import { NetworkError } from "../errors.ts";
import type { HttpClient, HttpRequest } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "./context.ts";

/** Only host and path: queries, headers and bodies hold tokens. */
function where({ method, url }: HttpRequest): string {
  const { host, pathname } = new URL(url);
  return `${method} ${showUntrusted(host + pathname)}`;
}

function traced(http: HttpClient, { ports: { clock, output } }: AppContext): HttpClient {
  return {
    async send(request) {
      const began = clock.now();
      const tell = (outcome: string | number) =>
        output.notice(`debug: ${where(request)}: ${outcome}, ${clock.now() - began} ms\n`);
      try {
        const response = await http.send(request);
        tell(response.status);
        return response;
      } catch (error) {
        tell(error instanceof NetworkError ? error.code : "failed");
        throw error;
      }
    },
  };
}

/** The absolute path of the setting `ca_bundle`. */
export function caBundle({ ports, paths, settings }: AppContext): string | undefined {
  const bundle = settings.program.ca_bundle;
  return bundle && settingsFile(bundle, paths, ports.environment);
}

/** The HTTP client with the settings' certificate authorities; `--debug` prints each request. */
export async function openHttp(context: AppContext): Promise<HttpClient> {
  const { ports, flags: { debug, quiet, json } } = context;
  const http = await ports.http(caBundle(context));
  const reported = new Set<string>();
  const report = ({ message }: Error) => {
    // Twenty roles fail with the same error at once.
    if (!quiet && !json && !reported.has(message)) ports.output.notice(`${message}; retrying\n`);
    reported.add(message);
  };
  const sending = debug ? traced(http, context) : shown(http, context);
  return {
    ...sending,
    connectEarly: async (url, count) => await http.connectEarly?.(url, count),
    onTrouble: report,
  };
}

/** What a request is for, by its address: the first match counts. */
const PURPOSES: readonly [RegExp, (host: string) => string][] = [
  [/\/\/sts[.-]/, () => "Asking AWS STS for credentials…"],
  [/\/\/eks[.-]/, () => "Asking Amazon EKS for clusters…"],
  [/\/\/(?:portal\.sso|oidc)\./, () => "Asking IAM Identity Center…"],
  [/\/\/[^/]*signin\.[^/]+\//, () => "Asking AWS sign-in…"],
  [
    /\/(?:api\/v1\/(?:authn|sessions)|idp\/idx|login|oauth2|signin)(?:\/|$)/,
    (host) => `Signing in to ${host}…`,
  ],
  [/\/(?:home|app)\/[^/]+\/[^/]+/, (host) => `Asking ${host} for your roles…`],
];

/** A few words for a person who waits. */
export function waitingFor({ url }: Pick<HttpRequest, "url">): string {
  const { host, origin, pathname } = new URL(url);
  const [, words] = PURPOSES.find(([address]) => address.test(origin + pathname)) ?? [];
  return words?.(showUntrusted(host)) ?? `Contacting ${showUntrusted(host)}…`;
}

/** Says which server is asked if the answer takes its time. */
function shown(http: HttpClient, { interaction }: AppContext): HttpClient {
  const { activity } = interaction;
  if (activity === undefined) return http;
  return {
    async send(request) {
      const end = activity.busy(waitingFor(request));
      try {
        return await http.send(request);
      } finally {
        end();
      }
    },
  };
}
