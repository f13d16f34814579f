/**
 * Fake gopass 1.15: the commands that we use, with observed exit codes and messages.
 * Nothing is encrypted.
 */

import { args, begin, folder, load, print, printError, save, standardInput } from "./stand_in.ts";

const STORE = `${folder}/gopass.json`;
const NOT_FOUND = 11;
const LIST_FAILED = 10;

function fail(code: number, message: string): never {
  printError(`\nError: ${message}\n`);
  Deno.exit(code);
}

async function insert(name: string): Promise<void> {
  const text = await standardInput();
  save(STORE, { ...load(STORE), [name]: text.replace(/\n$/, "") });
}

function move(from: string, to: string): void {
  const { [from]: text, ...others } = load(STORE);
  if (text === undefined) fail(NOT_FOUND, `source ${from} does not exist`);
  save(STORE, { ...others, [to]: text });
}

function show(name: string): void {
  const text = load(STORE)[name];
  if (text === undefined) {
    fail(NOT_FOUND, `failed to retrieve secret "${name}": entry is not in the password store`);
  }
  print(text.split("\n")[0]!);
}

function remove(name: string): void {
  const { [name]: text, ...others } = load(STORE);
  if (text === undefined) fail(LIST_FAILED, `Secret "${name}" does not exist`);
  save(STORE, others);
}

function list(prefix: string | undefined): void {
  const names = Object.keys(load(STORE)).filter((name) =>
    prefix === undefined || name.startsWith(`${prefix}/`)
  );
  if (names.length === 0 && prefix !== undefined) {
    fail(LIST_FAILED, `Entry "${prefix}" not found`);
  }
  print(names.map((name) => `${name}\n`).join(""));
}

await begin();
const [command, ...words] = args;
const options = words.filter((word) => word.startsWith("-")).join(" ");
const names = words.filter((word) => !word.startsWith("-"));
const line = `${command} ${options} ${names.length}`;
if (line === "insert --multiline --force 1") await insert(names[0]!);
else if (line === "mv --force 2") move(names[0]!, names[1]!);
else if (line === "show --noparsing --password 1") show(names[0]!);
else if (line === "rm --force 1") remove(names[0]!);
else if (/^ls --flat [01]$/.test(line)) list(names[0]);
else fail(2, `flag provided but not defined: ${args.join(" ")}`);
