/**
 * Fake `security` of macOS: the commands, options, exit codes, line grammar and limits of
 * Apple's SecurityTool source (security.c, keychain_add.c, keychain_find.c).
 */

import {
  args,
  begin,
  behaviour,
  folder,
  load,
  print,
  printError,
  save,
  standardInput,
} from "./stand_in.ts";

/** The buffer of `fgets` in security.c, including the final zero. */
const BUFFER = 4096;
const MOST_WORDS = 32;

interface Options {
  service: string;
  account: string;
  password?: string | undefined;
  update: boolean;
  show: boolean;
  keychain: string;
}

class Failure extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

function usage(word: string): Failure {
  return new Failure(2, `Usage: security … (bad word: ${word})`);
}

/** security.c, `split_line`. */
function splitLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === "\\" && at + 1 < line.length) word = (word ?? "") + line[++at];
    else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (word === undefined && /["']/.test(character)) {
      quote = character;
      word = "";
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  if (words.length > MOST_WORDS) throw new Failure(1, "too many arguments");
  return words;
}

/** `-w` has a value when adding a password, and none when finding one. */
function parse(words: string[], known: string, passwordHasValue: boolean): Options {
  const keychain = `${folder}/login.keychain-db`;
  const options: Options = { service: "", account: "", update: false, show: false, keychain };
  const left = [...words];
  while (left[0]?.startsWith("-")) {
    const option = left.shift()!;
    if (!known.split(" ").includes(option)) throw usage(option);
    const value = (): string => {
      const given = left.shift();
      if (given === undefined) throw usage(option);
      return given;
    };
    if (option === "-s") options.service = value();
    else if (option === "-a") options.account = value();
    else if (option === "-U") options.update = true;
    else if (passwordHasValue) options.password = value();
    else options.show = true;
  }
  if (left.length > 1) throw usage(left[1]!);
  if (left[0] !== undefined) options.keychain = left[0];
  return options;
}

function open(path: string): Record<string, string> {
  if (behaviour.refuses !== undefined) throw new Failure(behaviour.refuses, "refused");
  if (path !== `${folder}/login.keychain-db`) {
    try {
      Deno.statSync(path);
    } catch {
      throw new Failure(50, "The specified keychain could not be found.");
    }
  }
  const text = load(path);
  return text;
}

function idOf({ service, account }: Options): string {
  return JSON.stringify([service, account]);
}

const NOT_FOUND = "The specified item could not be found in the keychain.";

function add(words: string[], fromInput: boolean): void {
  const options = parse(words, "-s -a -w -U", true);
  if (!fromInput) throw new Failure(98, "a test's rule: no password in the arguments");
  const entries = open(options.keychain);
  if (entries[idOf(options)] !== undefined && !options.update) {
    throw new Failure(45, "The specified item already exists in the keychain.");
  }
  save(options.keychain, { ...entries, [idOf(options)]: options.password ?? "" });
}

/** keychain_find.c: a password with any unprintable byte is printed in hexadecimal. */
function formatPassword(latin1: string): string {
  const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? latin1 : bytes.toHex();
}

function find(words: string[]): void {
  const options = parse(words, "-s -a -w", false);
  const found = open(options.keychain)[idOf(options)];
  if (found === undefined) throw new Failure(44, NOT_FOUND);
  if (options.show) print(`${formatPassword(found)}\n`);
}

function remove(words: string[]): void {
  const options = parse(words, "-s -a", false);
  const { [idOf(options)]: found, ...others } = open(options.keychain);
  if (found === undefined) throw new Failure(44, NOT_FOUND);
  save(options.keychain, others);
  printError("password has been deleted.\n");
}

function dump(words: string[]): void {
  const { keychain } = parse(words, "", false);
  for (const id of Object.keys(open(keychain))) {
    const [service, account] = JSON.parse(id);
    print(`keychain: "${keychain}"\nversion: 512\nclass: "genp"\nattributes:
    0x00000007 <blob>="${service}"
    0x00000008 <blob>=<NULL>
    "acct"<blob>="${account}"
    "cdat"<timedate>=0x32303236313132313037303030305A00  "20261121070000Z\\000"
    "svce"<blob>="${service}"
    "type"<uint32>=<NULL>\n`);
  }
}

function run(words: string[], fromInput: boolean): number {
  const [command = "", ...rest] = words;
  try {
    if (command === "add-generic-password") add(rest, fromInput);
    else if (command === "find-generic-password") find(rest);
    else if (command === "delete-generic-password") remove(rest);
    else if (command === "dump-keychain") dump(rest);
    else if (command === "default-keychain" && rest.length === 0) {
      print(`    "${folder}/login.keychain-db"\n`);
    } else throw new Failure(1, `unknown command "${words.join(" ")}"`);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    printError(`security: ${error.message}\n`);
    return error.code;
  }
}

/** The rest of a line that is too long is read as the next command. */
function pieces(input: string): string[] {
  return input.match(/[^\n]*\n|[^\n]+$/g)?.flatMap((line) =>
    line.match(new RegExp(`[^]{1,${BUFFER - 1}}`, "g")) ?? []
  ) ?? [];
}

await begin();
let code = 0;
if (args[0] === "-i" && args.length === 1) {
  for (const line of pieces(await standardInput())) {
    const words = splitLine(line);
    if (words.length > 0) code = run(words, true);
  }
} else code = run(args, false);
Deno.exit(code);
