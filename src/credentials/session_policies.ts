/**
 * Which session policy applies: `--policy` and `--read-only` replace the profile's, and an account's
 * (mostly set by a team) can't be replaced.
 *
 * @module
 */

import type { LocalContext } from "../app/context.ts";
import {
  describeSessionPolicy,
  isPolicyArn,
  isSamePolicy,
  MOST_POLICY_ARNS,
  policyDocumentProblem,
  readOnlyPolicy,
  type SessionPolicy,
} from "../aws/session_policy.ts";
import { type OktaAwsError, SettingsError, UsageError } from "../errors.ts";
import type { PolicyKeys } from "../roles/profile_policy.ts";
import { settingsFile } from "../settings/paths.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** What the command line says: `read-only` is another ARN in each partition. */
export type PolicyFlags = SessionPolicy | "read-only";

type Failure = (message: string, details: { code: string; hint: string }) => OktaAwsError;

const asUsage: Failure = (message, details) => new UsageError(message, details);
const asSettings: Failure = (message, details) => new SettingsError(message, details);

/**
 * Reads `--policy` and `--read-only`.
 *
 * @throws {UsageError} `bad_policy`, `policy_conflict`
 */
export async function readPolicyFlags(
  context: Pick<LocalContext, "ports">,
  { policy = [], readOnly = false }: { policy?: readonly string[]; readOnly?: boolean },
): Promise<PolicyFlags | undefined> {
  if (readOnly && policy.length > 0) {
    throw new UsageError("--read-only and --policy can't be combined", {
      code: "policy_conflict",
      hint: "all policies of a session add up, so --policy would allow more than reading: use one",
    });
  }
  if (readOnly) return "read-only";
  if (policy.length === 0) return undefined;
  const isArn = (value: string) => value.startsWith("arn:");
  const files = policy.filter((value) => !isArn(value));
  if (files.length > 1) {
    throw new UsageError("a session can have one policy document, not several", {
      code: "bad_policy",
      hint: "put all statements into one file",
    });
  }
  const [file] = files;
  const arns = policy.filter(isArn);
  const document = file === undefined
    ? undefined
    : await readDocument(context, { path: file, name: "--policy", fail: asUsage });
  return checked({ arns, document }, { name: "--policy", fail: asUsage });
}

/** Where a policy comes from, and how a mistake in it is reported. */
interface Origin {
  name: string;
  fail: Failure;
}

async function readDocument(
  { ports: { files } }: Pick<LocalContext, "ports">,
  { path, name, fail }: Origin & { path: string },
): Promise<string> {
  let bytes: Uint8Array | undefined;
  let cause: unknown;
  try {
    bytes = await files.read(path);
  } catch (error) {
    cause = error;
  }
  // Editors end a file with a line break, which would count.
  if (bytes !== undefined) return new TextDecoder().decode(bytes).replace(/\r?\n$/, "");
  const reason = cause === undefined ? "no such file" : "it can't be read";
  throw fail(`${name}: ${showUntrusted(path)}: ${reason}`, {
    code: "bad_policy",
    hint: "use the ARN of a managed policy (arn:aws:iam::…:policy/Name), or a file with a policy",
  });
}

/** @throws {UsageError | SettingsError} `bad_policy` */
function checked({ arns, document }: SessionPolicy, { name, fail }: Origin): SessionPolicy {
  const wrong = arns.find((arn) => !isPolicyArn(arn));
  if (wrong !== undefined) {
    throw fail(`${name}: not the ARN of a policy: ${showUntrusted(wrong)}`, {
      code: "bad_policy",
      hint: "a managed policy's ARN looks like arn:aws:iam::aws:policy/ReadOnlyAccess",
    });
  }
  const unique = [...new Set(arns)];
  if (unique.length > MOST_POLICY_ARNS) {
    throw fail(`${name}: ${unique.length} policies, but a session can have ${MOST_POLICY_ARNS}`, {
      code: "bad_policy",
      hint: "name fewer, or put their statements into one policy document",
    });
  }
  const problem = document === undefined ? undefined : policyDocumentProblem(document);
  if (problem !== undefined) {
    throw fail(`${name}: the policy document ${problem}`, {
      code: "bad_policy",
      hint: "check the file: an IAM policy in JSON; white space counts too",
    });
  }
  return { arns: unique, ...(document !== undefined && { document }) };
}

/**
 * Refuses what no role could get, before anybody signs in.
 *
 * @param accounts The accounts that the command may use.
 * @throws {UsageError} `policy_conflict`
 */
export async function checkPolicyFlags(
  context: LocalContext,
  flags: PolicyFlags,
  accounts: readonly string[],
): Promise<void> {
  for (const [index, oktaAccount] of accounts.entries()) {
    const bound = await accountPolicy(context, oktaAccount);
    if (bound === undefined) return;
    const policy = bound.sessionPolicy;
    const partition = policy.arns[0]?.split(":")[1] ?? "aws";
    if (isSamePolicy(policy, flags === "read-only" ? readOnlyPolicy(partition) : flags)) return;
    if (index === accounts.length - 1) throw cannotReplace(policy, { oktaAccount, isFlag: true });
  }
}

/** The policy of `[account NAME]`. */
async function accountPolicy(
  context: LocalContext,
  oktaAccount: string,
): Promise<Required<ReadPolicy> | undefined> {
  const { settings, paths } = context;
  const { session_policy_arns: arns, session_policy: document } =
    settings.accounts.get(oktaAccount) ?? {};
  if (arns === undefined && document === undefined) return undefined;
  return await read(context, { arns: arns?.join(" "), document }, {
    name: `session policy of [account ${oktaAccount}]`,
    fail: asSettings,
    folder: paths.settingsDirectory,
  });
}

/** A policy, and the files that it was read from: the fast path checks whether they have changed. */
export interface ReadPolicy {
  sessionPolicy?: SessionPolicy;
  policyFiles: string[];
}

async function read(
  context: LocalContext,
  { arns, document }: PolicyKeys,
  { folder, ...origin }: Origin & { folder: string },
): Promise<Required<ReadPolicy>> {
  const { ports: { environment } } = context;
  const path = document === undefined || document.startsWith("{")
    ? undefined
    : settingsFile(document, { settingsDirectory: folder }, environment);
  const policy = {
    arns: (arns ?? "").split(/[\s,]+/).filter((arn) => arn !== ""),
    document: path === undefined ? document : await readDocument(context, { ...origin, path }),
  };
  const policyFiles = path === undefined ? [] : [path];
  return { sessionPolicy: checked(policy, origin), policyFiles };
}

/** What decides on the policy of one request. */
export interface PolicyQuery {
  flags: PolicyFlags | undefined;
  /** The keys of the profile in the AWS config file. */
  profile: PolicyKeys | undefined;
  oktaAccount: string;
  /** The role that is assumed last. */
  roleArn: string;
}

/**
 * The session policy of a request.
 *
 * @throws {UsageError | SettingsError} `bad_policy`, `policy_conflict`
 */
export async function sessionPolicyFor(
  context: LocalContext,
  { flags, profile, oktaAccount, roleArn }: PolicyQuery,
): Promise<ReadPolicy> {
  const partition = roleArn.split(":")[1] ?? "aws";
  const account = await accountPolicy(context, oktaAccount);
  const own = flags === undefined && profile !== undefined
    ? await read(context, profile, {
      name: "okta_session_policy in the AWS config file",
      fail: asSettings,
      folder: folderOf(context.paths.awsConfig),
    })
    : undefined;
  const wanted = flags === "read-only" ? readOnlyPolicy(partition) : flags ?? own?.sessionPolicy;
  const bound = account?.sessionPolicy;
  if (bound !== undefined && wanted !== undefined && !isSamePolicy(bound, wanted)) {
    throw cannotReplace(bound, { oktaAccount, isFlag: flags !== undefined });
  }
  const sessionPolicy = bound ?? wanted;
  const foreign = sessionPolicy?.arns.find((arn) => arn.split(":")[1] !== partition);
  if (foreign !== undefined) throw otherPartition(foreign, roleArn);
  const policyFiles = [...account?.policyFiles ?? [], ...own?.policyFiles ?? []];
  return { ...(sessionPolicy && { sessionPolicy }), policyFiles };
}

function cannotReplace(
  account: SessionPolicy,
  { oktaAccount, isFlag }: { oktaAccount: string; isFlag: boolean },
): OktaAwsError {
  const names = showUntrusted(describeSessionPolicy(account));
  const fail = isFlag ? asUsage : asSettings;
  return fail(`the settings limit every session of the account ${oktaAccount} to ${names}`, {
    code: "policy_conflict",
    hint: isFlag
      ? "leave out --policy and --read-only: they can't replace it"
      : "remove okta_session_policy and okta_session_policy_arns of the profile: they can't replace it",
  });
}

/** For roles that come straight from a portal. */
export function noPortalPolicy(): UsageError {
  return new UsageError("IAM Identity Center has no session policies", {
    code: "no_session_policy",
    hint: "leave out --policy and --read-only (and okta_session_policy), or use a permission set " +
      "that may do less",
  });
}

function otherPartition(arn: string, roleArn: string): UsageError {
  return new UsageError(
    `the policy ${showUntrusted(arn)} is of another partition than ${showUntrusted(roleArn)}`,
    { code: "bad_policy", hint: `use the policy's ARN in arn:${roleArn.split(":")[1]}:…` },
  );
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"), 0)) || ".";
}
