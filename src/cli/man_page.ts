/**
 * The manual page, generated from the command table: `okta-aws help man`, which install.sh runs.
 *
 * @see https://man7.org/linux/man-pages/man7/groff_man.7.html
 * @module
 */

import { VERSION } from "../version.ts";
import { COMMANDS, type CommandSpec } from "./command_table.ts";
import { examplesOf } from "./examples.ts";
import { COMMON_FLAGS, type FlagName, FLAGS } from "./flags.ts";
import { argumentsOf, flagSpelling } from "./help.ts";

/** Text as roff shows it: no escapes, no requests, hyphens that can be copied. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-")
    .replace(
      /[^\x20-\x7e]/gu,
      (one) => `\\[u${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`,
    )
    .replace(/^(?=[.'])/, "\\&");
}

function bold(text: string): string {
  return `\\fB${escape(text)}\\fR`;
}

/** A term, and an indented explanation. */
function item(term: string, text: string): string {
  return `.TP\n${term}\n${escape(text)}\n`;
}

function flagItems(names: readonly FlagName[], briefs: CommandSpec["briefs"] = {}): string {
  return names.filter((name) => !FLAGS[name].hidden).map((name) => {
    const { short, long } = flagSpelling(name);
    const [word = "", value] = long.split(" ", 2);
    const spellings = [...(short === undefined ? [] : [bold(short)]), bold(word)].join(", ");
    const term = value === undefined ? spellings : `${spellings} \\fI${escape(value)}\\fR`;
    return item(term, briefs[name] ?? FLAGS[name].brief);
  }).join("");
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function commandSection(command: CommandSpec): string {
  const { name, aliases = [], brief, args, flags, briefs } = command;
  const examples = examplesOf(name).map(([line, purpose]) =>
    `.PP\n${escape(sentence(purpose))}\n.PP\n.RS 4\n.EX\n${escape(line)}\n.EE\n.RE\n`
  );
  return [
    `.SS ${escape(`okta-aws ${name} ${argumentsOf(command)}`.trim())}\n`,
    `${escape(sentence(brief))}\n`,
    aliases.length === 0 ? "" : `Aliases: ${aliases.map(bold).join(", ")}.\n`,
    args === undefined || args.brief === ""
      ? ""
      : item(`\\fI${escape(args.placeholder)}\\fR`, args.brief),
    flagItems(flags, briefs),
    ...examples,
  ].join("");
}

const ROLES = [
  ["okta-dev-Developer, dev-Developer", "a profile that refresh or setup-profiles writes"],
  ["dev/Developer", "account (alias or ID) and role"],
  ["Developer, dev", "a role or an account, if one role matches"],
  ["NAME", "a profile of ~/.aws/config, or an [alias NAME] of the settings"],
  ["arn:aws:iam::123456789012:role/Developer", "a role ARN"],
  ["-", "the role that was used last, at a terminal"],
] as const;

const FILES = [
  ["~/.config/okta-aws/config.ini", "settings, without secrets (Windows: %APPDATA%)"],
  ["~/.aws/okta-aws/", "cached credentials, role lists, Okta sessions"],
  ["~/.aws/config, ~/.aws/credentials", "AWS profiles; only our own sections are edited"],
] as const;

const ENVIRONMENT = [
  ["OKTA_AWS_ACCOUNT", "Okta account, as --account"],
  ["OKTA_AWS_CONFIG", "settings file, as --config"],
  ["OKTA_AWS_BACKEND", "secret store, as --backend"],
  ["OKTA_AWS_FILE_PASSPHRASE", "passphrase of the file store"],
  ["OKTA_AWS_PASSWORD, OKTA_AWS_TOTP", "secrets for --backend env, in CI"],
  ["OKTA_AWS_CACHE_DIR", "folder of the cache"],
  ["BROWSER", "command that opens the AWS console"],
  ["NO_COLOR", "print no colours"],
] as const;

const EXIT_CODES = [
  ["0", "success"],
  ["1", "internal error"],
  ["2", "wrong usage or settings, not set up, or unknown role"],
  ["3", "Okta rejected the sign-in"],
  ["4", "input is needed, and there is no terminal"],
  ["5", "a server could not be reached or kept failing"],
  ["6", "AWS rejected the request, or some roles of a refresh failed"],
  ["7", "the secret store failed, is locked, or has no item for this account"],
  ["130", "interrupted"],
] as const;

function list(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([term, text]) => item(bold(term), text)).join("");
}

/**
 * The page in roff, for `man`.
 *
 * @param today As `2026-11-21`, for the page's last line.
 */
export function formatManPage(today: string): string {
  const sections: readonly [title: string, text: string][] = [
    ["NAME", `okta\\-aws \\- get AWS credentials through Okta\n`],
    ["SYNOPSIS", `${bold("okta-aws")} \\fICOMMAND\\fR [\\fIFLAGS\\fR]\n`],
    [
      "DESCRIPTION",
      "Signs in to Okta, exchanges the SAML assertion of your AWS app for credentials,\n" +
      "and gives them to AWS tools, your shell or your browser.\n" +
      `Start with ${bold("okta-aws init")}.\n`,
    ],
    ["ROLES", `Wherever a command takes a PROFILE or ROLE:\n${list(ROLES)}`],
    ["COMMANDS", COMMANDS.map(commandSection).join("")],
    [
      "GLOBAL FLAGS",
      `Before or after the command:\n${flagItems(COMMON_FLAGS)}` +
      list([["--version", "print the version"], ["-h, --help", "show help"]]),
    ],
    ["ENVIRONMENT", list(ENVIRONMENT)],
    ["FILES", list(FILES)],
    [
      "EXIT STATUS",
      list(EXIT_CODES) +
      `.PP\n${bold("okta-aws exec")} exits with the code of the command that it ran.\n`,
    ],
    ["SEE ALSO", "https://github.com/okta\\-aws/okta\\-aws\n"],
  ];
  const body = sections.map(([title, text]) => `.SH ${title}\n${text}`).join("");
  return `.TH OKTA\\-AWS 1 ${today} "okta\\-aws ${escape(VERSION)}" "okta\\-aws manual"\n${body}`;
}
