/**
 * What the program needs from the machine, as interfaces (src/ports). `platform` implements them on
 * Deno, tests with fakes; everything else only sees these.
 *
 * @module
 */

import type { Browsers } from "./ports/browser.ts";
import type { Clock, Environment, Files, Output } from "./ports/local.ts";
import type { HttpServer, HttpServerOptions } from "./ports/http_server.ts";
import type { HttpClient, LoopbackListener, NetworkProbe } from "./ports/network.ts";
import type { PluginStarter } from "./ports/plugins.ts";
import type { Interruptible, Processes, SecurityKeys } from "./ports/processes.ts";
import type {
  ForeignItem,
  SecretStore,
  SecretStoreOptions,
  StoreFinding,
} from "./ports/secret_store.ts";
import type { Terminal } from "./ports/terminal.ts";
import type { Secret } from "./secret.ts";

export type * from "./ports/browser.ts";
export type * from "./ports/http_server.ts";
export type * from "./ports/local.ts";
export type * from "./ports/network.ts";
export type * from "./ports/plugins.ts";
export type * from "./ports/processes.ts";
export type * from "./ports/secret_store.ts";
export type * from "./ports/terminal.ts";

/** Everything that a command gets from the machine. */
export interface Ports {
  clock: Clock;
  files: Files;
  environment: Environment;
  output: Output;
  /** `caBundle` is a PEM file of certificate authorities; only that of the first call is used. */
  http(caBundle: string | undefined): Promise<HttpClient>;
  networkProbe(): Promise<NetworkProbe>;
  /** All of standard input, which may hold secrets. */
  standardInput(): Promise<Secret>;
  /** Whether standard input is a terminal, so that reading it would wait for the user. */
  standardInputIsTerminal(): Promise<boolean>;
  /** The controlling terminal. */
  terminal(): Promise<Terminal>;
  processes(): Promise<Processes>;
  securityKeys(): Promise<SecurityKeys>;
  /** The person's own browsers. */
  browsers(): Promise<Browsers>;
  pluginStarter(): Promise<PluginStarter>;
  /**
   * Listens for HTTP requests until it is closed.
   *
   * @throws {UsageError} `port_in_use`, `socket_in_use`, `socket_refused`, `no_sockets`
   */
  serveHttp(options: HttpServerOptions): Promise<HttpServer>;
  /** Listens on a free port of 127.0.0.1; only this path is answered, with an expected query. */
  listenOnLoopback(
    path: string,
    isExpected: (query: URLSearchParams) => boolean,
  ): Promise<LoopbackListener>;
  interruptible: Interruptible;
  /**
   * Opens a secret store.
   *
   * @throws {SecretStoreError} `no_store`, `backend_not_available`
   */
  secretStore(options: SecretStoreOptions): Promise<SecretStore>;
  /**
   * Reads another program's item out of the system's keyring; only after the user agreed.
   *
   * @throws {SecretStoreError} `locked`, `cancelled`, `denied`, `unavailable`, `timeout`
   */
  foreignItem(item: ForeignItem): Promise<Secret | undefined>;
  /**
   * The secret backends of this system, and whether they work. Takes 2 seconds at most; opens nothing
   * and asks nobody.
   */
  surveySecretStores(options: Omit<SecretStoreOptions, "name" | "mayAsk">): Promise<StoreFinding[]>;
}

/** The ports that cost nothing to have: no network, terminal, or program. */
export type LocalPorts = Pick<Ports, "clock" | "environment" | "files" | "output">;
