/** A plan as changes to the text of the three files. */

import { parseIni } from "../ini/document.ts";
import { editIni, type IniEdit, sectionsByName } from "../ini/edit.ts";
import { hasOwnComments } from "../ini/section_splices.ts";
import type { Plan } from "./planned.ts";

export function editSettings(text: string, plan: Plan): string {
  const edits: IniEdit[] = [];
  const add = (
    section: string,
    set: IniEdit & { kind: "set" } extends { set: infer S } ? S : never,
  ) => {
    if (set.length > 0) edits.push({ kind: "set", section, set });
  };
  add("okta-aws", plan.program);
  for (const { name, set } of plan.accounts) add(`account ${name}`, set);
  for (const { id, alias } of plan.awsAccounts) add(`aws-account ${id}`, [["alias", alias]]);
  return editIni(parseIni(text), edits);
}

export function editAwsConfig(text: string, { profiles }: Plan): string {
  return editIni(
    parseIni(text),
    profiles.map(({ section, set, unset }) => ({ kind: "set", section, set, unset })),
  );
}

/** Keys in the credentials file would be used instead of our `credential_process`. */
export function editAwsCredentials(text: string, { profiles }: Plan): string {
  const document = parseIni(text);
  const sections = sectionsByName(document);
  const edits = profiles.filter(({ unsetCredentials }) => unsetCredentials.length > 0).map(
    ({ name, unsetCredentials }): IniEdit => {
      const own = sections.get(name) ?? [];
      const isOnlyThese = own.every((section) =>
        section.properties.every(({ key, separator }) =>
          separator === "=" && unsetCredentials.includes(key)
        ) && !hasOwnComments(document, section)
      );
      return isOnlyThese
        ? { kind: "remove", section: name }
        : { kind: "set", section: name, set: [], unset: unsetCredentials };
    },
  );
  return editIni(document, edits);
}
