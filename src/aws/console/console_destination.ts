/**
 * Which page of the console a sign-in URL leads to.
 *
 * @module
 */

import { SettingsError, UsageError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type ConsoleService, consoleService } from "./console_services.ts";
import { regionWithin } from "../endpoints.ts";
import { type Partition, partitionNamed } from "../partitions.ts";

/** What page is wanted. */
export interface ConsolePage {
  /** The partition's name, as ARNs have it. */
  partition: string;
  /** The region to open; the one last used where it is left out. */
  region?: string | undefined;
  /** A service as people call it (`cw`), or as in the console's URLs: `codesuite/codecommit`. */
  service?: string | undefined;
  /** A whole URL instead of region and service. */
  destination?: string | undefined;
}

const SERVICE = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/i;

/**
 * The console URL of a page.
 *
 * @param page What is wanted.
 * @returns An absolute `https:` URL within the partition's console.
 * @throws {UsageError} `destination_not_console` where the destination is no page of this
 * partition's console, `invalid_service` where the service can't be one.
 * @throws {SettingsError} `no_console_host` where nobody outside knows the partition's console;
 * `invalid_region`.
 */
export function consoleDestination(page: ConsolePage): string {
  const partition = partitionNamed(page.partition);
  if (partition?.consoleHost === undefined) {
    throw new SettingsError(
      `the console of the partition ${showUntrusted(page.partition)} is not known`,
      { code: "no_console_host" },
    );
  }
  const host = partition.consoleHost;
  if (page.destination !== undefined) return checkedDestination(page.destination, host);
  const region = page.region === undefined ? undefined : regionWithin(partition, page.region);
  const { path: service, fragment } = checkedService(page.service);
  const part = fragment === undefined ? "" : `#${fragment}`;
  if (region === undefined) return `https://${host}/${service ? `${service}/home${part}` : ""}`;
  return `https://${region}.${host}/${service ?? "console"}/home?region=${region}${part}`;
}

function checkedService(service: string | undefined): Partial<ConsoleService> {
  if (service === undefined) return {};
  if (SERVICE.test(service)) return consoleService(service);
  throw new UsageError(`${showUntrusted(service)} is not the name of a console service`, {
    code: "invalid_service",
    hint: "use the name in the console's URL (ec2, s3, cloudwatch), or --destination with a URL",
  });
}

function checkedDestination(text: string, host: NonNullable<Partition["consoleHost"]>): string {
  const url = URL.parse(text);
  const isInside = url?.protocol === "https:" && url.username + url.password + url.port === "" &&
    (url.hostname === host || url.hostname.endsWith(`.${host}`));
  if (isInside) return url.href;
  throw new UsageError(`${showUntrusted(text)} is not a page of ${host}`, {
    code: "destination_not_console",
    hint: `give an https: URL on ${host}: other places are not signed in to`,
  });
}
