/**
 * The network of a run; with `--debug` each request is shown.
 *
 * @module
 */

import { settingsFile } from "../settings/paths.ts";
import { NetworkError } from "../errors.ts";
import type { HttpClient, HttpRequest } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "./context.ts";

/** Host and path alone: queries, headers and bodies hold tokens. */
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

/**
 * The setting `ca_bundle`.
 *
 * @returns The file's absolute path, or `undefined` where the setting is left out.
 */
export function caBundle({ ports, paths, settings }: AppContext): string | undefined {
  const bundle = settings.program.ca_bundle;
  return bundle && settingsFile(bundle, paths, ports.environment);
}

/**
 * Opens the network with the settings' certificate authorities.
 *
 * @returns The client.
 */
export async function openHttp(context: AppContext): Promise<HttpClient> {
  const { ports, flags: { debug, quiet, json } } = context;
  const http = await ports.http(caBundle(context));
  const told = new Set<string>();
  const onTrouble = ({ message }: Error) => {
    // Twenty roles have the same trouble at once.
    if (!quiet && !json && !told.has(message)) ports.output.notice(`${message}; trying again\n`);
    told.add(message);
  };
  return { ...debug ? traced(http, context) : http, onTrouble };
}
