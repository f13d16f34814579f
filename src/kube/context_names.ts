/** Readable names of contexts: `dev/web`, with region or role where that is not unique. @module */

import type { Kubeconfig } from "./kubeconfig.ts";

/** A context that needs a name. */
export interface UnnamedContext {
  /** Names of the entries that it refers to. */
  cluster: string;
  user: string;
  /** As for `--alias`. */
  values: Record<string, string>;
}

const SHORT = "{account}/{cluster}";
const WITH_REGION = "{account}/{cluster}/{region}";
const WITH_ROLE = "{account}/{cluster}/{role}";
const LONG = ["{account}/{cluster}/{region}/{role}", "{account_id}/{cluster}/{region}/{role}"];

/** Fills the placeholders of a template; `onUnknown` throws for one without a value. */
export function fillTemplate(
  template: string,
  values: Record<string, string>,
  onUnknown: (placeholder: string) => never,
): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (Object.hasOwn(values, name)) return values[name]!;
    onUnknown(whole);
  });
}

function fill(form: string, values: Record<string, string>): string {
  return fillTemplate(form, values, (unknown) => {
    throw new Error(`no value for ${unknown}`);
  });
}

/** From short to long. */
function formsOf(
  { cluster, values, user }: UnnamedContext,
  namesakes: readonly { cluster: unknown }[],
): string[] {
  const isSameCluster = namesakes.some((one) => one.cluster === cluster);
  const middle = isSameCluster ? [WITH_ROLE, WITH_REGION] : [WITH_REGION, WITH_ROLE];
  return [...[SHORT, ...middle, ...LONG].map((form) => fill(form, values)), user];
}

/**
 * Names contexts. One that the kubeconfig has already keeps its name: the user or the AWS CLI may
 * have chosen it, and a second run changes nothing. Those that would get the same name all get a
 * longer one.
 */
export function nameContexts(
  contexts: readonly UnnamedContext[],
  open: readonly Pick<Kubeconfig, "contexts">[],
): string[] {
  const existing = open.flatMap(({ contexts }) => contexts);
  const nameOf = ({ cluster, user }: UnnamedContext) =>
    existing.find((one) => one.cluster === cluster && one.user === user)?.name;
  const fresh = contexts.filter((one) => nameOf(one) === undefined);
  const forms = new Map(fresh.map((one) => {
    const short = fill(SHORT, one.values);
    const namesakes = [
      ...existing.filter(({ name }) => name === short),
      ...fresh.filter((other) => other !== one && fill(SHORT, other.values) === short),
    ];
    return [one, formsOf(one, namesakes)] as const;
  }));
  const isFree = (form: string, one: UnnamedContext) =>
    existing.every(({ name }) => name !== form) &&
    fresh.every((other) => other === one || !forms.get(other)!.includes(form));
  return contexts.map((one) =>
    nameOf(one) ?? forms.get(one)!.find((form) => isFree(form, one)) ?? one.user
  );
}
