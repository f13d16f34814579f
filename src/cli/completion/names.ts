/**
 * The names that a shell completes: profiles, roles, Okta accounts, clusters. Reads files only, and
 * only roughly, because it has to finish before the next key.
 *
 * @module
 */

import { parseRoleArn } from "../../aws/arn.ts";
import {
  parseSharedConfig,
  propertyOf,
  type SharedSection,
} from "../../aws/files/shared_config.ts";
import { resolvePaths } from "../../settings/paths.ts";
import { knownRoles } from "../../roles/role_match.ts";
import { parseIni } from "../../ini/document.ts";
import type { Ports } from "../../ports.ts";
import { readAllRoleLists, type RoleList } from "../../roles/role_list.ts";

/** A name and a one-line description. */
export interface DescribedName {
  word: string;
  brief: string;
  /** Other names for the same; offered only if they are what is being typed. */
  also?: readonly string[];
}

/** Each reads only the files that it needs, at every call. */
export interface CompletionNames {
  /** Profiles of the AWS config file that use okta-aws, aliases, then the roles. */
  profiles(): Promise<readonly DescribedName[]>;
  /** As `account/role`, and also by the profiles that `refresh` writes. */
  roles(): Promise<readonly DescribedName[]>;
  roleArns(): Promise<readonly string[]>;
  accounts(): Promise<readonly string[]>;
  /** EKS clusters in the kubeconfig. */
  clusters(): Promise<readonly string[]>;
}

export type NamePorts = Pick<Ports, "environment" | "files">;

async function readText({ files }: NamePorts, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await files.read(path));
  } catch {
    // The command itself reports a file that can't be read.
    return "";
  }
}

/** Any of these makes a profile of the AWS config file one of ours. */
const SERVED = ["okta_aws_role_arn", "role_arn", "aws_saml_url"];

function isServed(section: SharedSection): boolean {
  return SERVED.some((key) => propertyOf(section, key) !== undefined) ||
    /okta-aws/.test(propertyOf(section, "credential_process") ?? "");
}

async function configProfiles(ports: NamePorts, path: string): Promise<DescribedName[]> {
  const { profiles } = parseSharedConfig(await readText(ports, path), "config");
  return [...profiles].filter(([, section]) => isServed(section))
    .map(([word]) => ({ word, brief: "profile of the AWS config file" }));
}

interface SettingsNames {
  accounts: string[];
  /** By AWS account id. */
  aliases: Map<string, string>;
  /** `[alias NAME]`. */
  roleAliases: DescribedName[];
}

async function settingsNames(ports: NamePorts, path: string): Promise<SettingsNames> {
  const { sections } = parseIni(await readText(ports, path));
  const aliases = sections.flatMap(({ name, properties }): [string, string][] => {
    const id = /^aws-account\s+(\d{12})$/.exec(name)?.[1];
    const alias = properties.find(({ key }) => key === "alias")?.value;
    return id === undefined || alias === undefined ? [] : [[id, alias]];
  });
  return {
    accounts: sections.flatMap(({ name }) => /^account\s+(\S+)$/.exec(name)?.[1] ?? []),
    aliases: new Map(aliases),
    roleAliases: sections.flatMap(({ name, properties }) => {
      const word = /^alias\s+(\S+)$/.exec(name)?.[1];
      const brief = properties.find(({ key }) => key === "role")?.value ?? "";
      return word === undefined ? [] : [{ word, brief }];
    }),
  };
}

/** Cluster names in arguments of `kube token`, and in ARNs that the AWS CLI writes. */
const CLUSTERS = [
  /--cluster(?:-name)?["']?\s*[,\n=]?\s*(?:-\s*)?["']?([\w-]+)/g,
  /:cluster\/([\w-]+)/g,
];

async function clusterNames(ports: NamePorts): Promise<string[]> {
  const { get, home, os } = ports.environment;
  const listed = get("KUBECONFIG") ?? `${home}/.kube/config`;
  const paths = listed.split(os === "windows" ? ";" : ":").filter((path) => path !== "");
  const texts = await Promise.all(paths.map((path) => readText(ports, path)));
  const found = texts.flatMap((text) => CLUSTERS.flatMap((one) => [...text.matchAll(one)]));
  return [...new Set(found.map((match) => match[1]!))];
}

function namesOfRoles(
  lists: readonly RoleList[],
  aliases: SettingsNames["aliases"],
): DescribedName[] {
  const roles = lists.flatMap((list) => knownRoles(list, (id) => aliases.get(id)));
  return roles.map(({ alias, accountId, roleName, roleArn, profile, also = [] }) => ({
    word: `${alias ?? accountId}/${roleName}`,
    brief: roleArn,
    also: [profile, ...also].filter((name) => name !== undefined),
  }));
}

/** The names on this machine; a file that can't be read has none. */
export function completionNames(ports: NamePorts): CompletionNames {
  const paths = resolvePaths(ports.environment);
  const lists = () => readAllRoleLists(ports.files, paths.cache);
  const settings = () => settingsNames(ports, paths.settings);
  const roles = async () => {
    const { aliases, roleAliases } = await settings();
    return { roles: namesOfRoles(await lists(), aliases), roleAliases };
  };
  return {
    async profiles() {
      const { roles: ofRoles, roleAliases } = await roles();
      const taken = new Set(ofRoles.flatMap(({ also = [] }) => also));
      const inConfig = await configProfiles(ports, paths.awsConfig);
      return [...inConfig.filter(({ word }) => !taken.has(word)), ...roleAliases, ...ofRoles];
    },
    roles: async () => (await roles()).roles,
    async roleArns() {
      const apps = (await lists()).flatMap((list) => Object.values(list.apps));
      return apps.flatMap((app) => app.roles.map(({ roleArn }) => roleArn))
        .filter((arn) => parseRoleArn(arn) !== undefined);
    },
    accounts: async () => (await settings()).accounts,
    clusters: () => clusterNames(ports),
  };
}
