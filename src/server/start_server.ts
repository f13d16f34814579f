/** Starts the server: `serve` for everybody who has the token, `exec --server` for one command. @module */

import type { AppContext } from "../app/context.ts";
import { freshContext } from "./server_context.ts";
import type { CredentialFlags, CredentialRequest } from "../credentials/credential_request.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import { OktaAwsError, ProfileError } from "../errors.ts";
import type { HttpServer, Ports } from "../ports.ts";
import { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type CredentialService, credentialService, obtainQuietly } from "./credential_service.ts";
import { addPage } from "./page/page_routes.ts";
import type { Entrance } from "./request_rules.ts";
import { randomToken } from "./secret_text.ts";
import { type ServerApp, serverApp, tokenCheck } from "./server_app.ts";
import { announceServer, openPageKey, openToken, type ServerAddress } from "./server_files.ts";

export interface RunningServer {
  address: ServerAddress;
  token: Secret;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0: any free one. */
  port: number;
  socket?: string | undefined;
  flags: CredentialFlags;
}

/** The server of `serve`. */
export async function startServer(
  context: AppContext,
  { port, socket, flags }: ServeOptions,
): Promise<RunningServer> {
  const { ports } = context;
  const token = await openToken(context);
  const pageKey = await openPageKey(context);
  const listeners = new Set<() => void>();
  let tellPage = (_line: string) => {};
  const service = credentialService(
    ports.clock,
    obtainQuietly(() => freshContext(context), flags),
    (profile, error) => {
      if (error instanceof OktaAwsError) {
        reportRenewal(context, profile, error);
        tellPage(`could not renew ${profile}: ${error.message}`);
      }
      for (const listener of listeners) listener();
    },
  );
  const hasToken = tokenCheck(token);
  const app = serverApp(hasToken, service.obtain);
  tellPage = addPage(app, { context, pageKey, hasToken, obtain: service.obtain, listeners });
  const entrances = [await listen(ports, app, { port }, "port")];
  try {
    if (socket !== undefined) entrances.push(await listen(ports, app, { socket }, "socket"));
    const address = { ...addressOf(entrances[0]!.port), ...(socket && { socket }) };
    const retract = await announceServer(context, address);
    const close = keepRenewing(service, entrances);
    return {
      address,
      token,
      async close() {
        await retract();
        await close();
      },
    };
  } catch (error) {
    await Promise.all(entrances.map((entrance) => entrance.close()));
    throw error;
  }
}

/** The server of `exec --server`: one profile, a token of its own, a free port, no page. */
export async function startPrivateServer(
  context: AppContext,
  request: CredentialRequest,
): Promise<RunningServer> {
  const token = new Secret(randomToken());
  const service = credentialService(context.ports.clock, async (profile) => {
    if (profile !== request.profile) {
      throw new ProfileError(`this server is for ${showUntrusted(request.profile)} only`, {
        code: "unknown_profile",
      });
    }
    return { ...await obtainCredentials(await freshContext(context), request), request };
  }, (profile, error) => {
    if (error instanceof OktaAwsError) reportRenewal(context, profile, error);
  });
  const app = serverApp(tokenCheck(token), service.obtain);
  const entrance = await listen(context.ports, app, { port: 0 }, "port");
  // It was obtained a moment ago; from here on it is renewed ahead.
  await service.obtain(request.profile).catch(() => {});
  const close = keepRenewing(service, [entrance]);
  return { address: addressOf(entrance.port), token, close };
}

function reportRenewal(
  { ports: { output }, flags }: AppContext,
  profile: string,
  error: OktaAwsError,
): void {
  if (flags.quiet) return;
  const [name, why] = [profile, error.message].map(showUntrusted);
  output.notice(`could not renew ${name}: ${why}\n`);
}

function addressOf(port: number): ServerAddress {
  const url = `http://127.0.0.1:${port}`;
  return { url, page: `http://localhost:${port}/`, credentials: `${url}/credentials/` };
}

async function listen(
  ports: Ports,
  app: ServerApp,
  at: { port: number } | { socket: string },
  entrance: Entrance,
): Promise<HttpServer> {
  const server: HttpServer = await ports.serveHttp({
    at,
    handle: async (request) => await app.fetch(request, { entrance, port: server.port }),
  });
  return server;
}

function keepRenewing(
  service: CredentialService,
  entrances: readonly HttpServer[],
): () => Promise<void> {
  const ending = new AbortController();
  void service.renew(ending.signal);
  return async () => {
    ending.abort();
    await Promise.all(entrances.map((entrance) => entrance.close()));
  };
}
