/**
 * `cred-process PROFILE`: prints credentials as JSON for an AWS SDK.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 * @module
 */

import { formatCredentialProcess } from "../../credentials/credential_document.ts";
import { cacheKey } from "../../credentials/credential_request.ts";
import { areRepeatable, writeFastPath } from "../../credentials/fast_path_write.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";
import { openCache } from "../../credentials/open_cache.ts";

export async function runCredProcess(invocation: Invocation): Promise<void> {
  const began = invocation.ports.clock.now();
  const obtained = await obtainForInvocation(invocation, "background");
  const { credentials, request, context } = obtained;
  const accountId = request.chain.at(-1)!.roleArn.split(":")[4];
  const json = formatCredentialProcess(credentials, accountId);
  const { flags, args, argv } = invocation;
  const { pretty } = flags;
  const text = pretty ? JSON.stringify(JSON.parse(json), undefined, 2) : json;
  invocation.ports.output.answer(`${text}\n`);
  // Keys of another profile, or a role chosen from a menu, may differ next time.
  const isRepeatable = request.source === undefined;
  if (isRepeatable && args[0] !== undefined && areRepeatable(flags)) {
    const document = await openCache(context).path(cacheKey(request));
    await writeFastPath(context, { argv, document, began, inputs: request.policyFiles });
  }
}
