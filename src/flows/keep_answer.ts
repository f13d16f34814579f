/**
 * Leaves word for the short way of `cred-process`: what PROFILE meant, and from which files.
 *
 * @module
 */

import { openAnswerMemo } from "../store/answer_memo.ts";
import { openRoleList } from "../store/role_list.ts";
import { openConversation } from "./conversation.ts";
import { cacheKey, type CredentialRequest } from "./credential_request.ts";
import { openCache } from "./obtain_credentials.ts";
import type { Program } from "./program.ts";

/**
 * Keeps the meaning of a PROFILE that was given without flags.
 *
 * @param program The run.
 * @param profile What was given.
 * @param request What it meant.
 * @param began When the run began, milliseconds since the Unix epoch: a file that has been changed
 * since then may not say any more what was read.
 */
export async function keepAnswer(
  program: Program,
  profile: string,
  request: CredentialRequest,
  began: number,
): Promise<void> {
  const { ports, paths, settings } = program;
  if ((settings.program.cache ?? "file") !== "file") return;
  const facts = await Promise.all(
    [paths.settings, paths.awsConfig].map((path) => ports.files.facts(path)),
  );
  if (facts.some((file) => file !== undefined && file.modified >= began)) return;
  const lists = await Promise.all(
    [...settings.accounts.keys()].map((name) => openRoleList(ports.files, paths.cache, name)),
  );
  const inputs = [paths.settings, paths.awsConfig, ...lists.map(({ path }) => path)];
  const document = await openCache(program, openConversation(program, "background"))
    .path(cacheKey(request));
  const { get } = ports.environment;
  const memo = await openAnswerMemo(ports.files, get, paths.cache, profile);
  await memo.write(document, inputs);
}
