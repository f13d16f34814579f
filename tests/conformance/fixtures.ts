/** Recorded data of other projects. `deno task fixtures` downloads it. */

import { pathToFileURL } from "node:url";

const ROOT = new URL("../../", import.meta.url);

function isThere(folder: URL): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}

function find(): URL {
  const chosen = Deno.env.get("OKTA_AWS_FIXTURES");
  if (chosen !== undefined) return pathToFileURL(`${chosen}/`);
  const shared = new URL("../shared/fixtures/", ROOT);
  return isThere(shared) ? shared : new URL(".fixtures/", ROOT);
}

/** The folder; each folder in it has the name of a repository. */
export const FIXTURES: URL = find();

/** For `ignore` of `Deno.test`: data is missing. With OKTA_AWS_REQUIRE_FIXTURES=1 that fails. */
export function ignoreWithoutData(isMissing: boolean): boolean {
  if (isMissing && Deno.env.get("OKTA_AWS_REQUIRE_FIXTURES") === "1") {
    throw new Error("recorded data is missing: run deno task fixtures");
  }
  return isMissing;
}
