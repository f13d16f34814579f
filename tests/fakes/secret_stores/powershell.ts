/**
 * Fake Windows PowerShell 5.1 and PowerShell 7: how they are started, their lines, DPAPI
 * and the Credential Manager, after the documentation of .NET and Win32. It does not run
 * PowerShell: it recognises our scripts by their calls and rejects all others.
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

const { edition = 5, user = "jane", constrained = false, vaultError } = behaviour;
const VAULT = `${folder}/vault.json`;
const MOST_BLOB_BYTES = 2_560;
/** The maximum command line of CreateProcess. */
const MOST_COMMAND_LINE = 32_767;

/** Types that both editions have; others need `Add-Type`. */
const CLASSES = new Set([
  "Console",
  "Convert",
  "OktaAwsVault",
  "System.Collections.Generic.List",
  "System.ComponentModel.Win32Exception",
  "System.IO.Directory",
  "System.IO.FileSystemAclExtensions",
  "System.Security.AccessControl.DirectorySecurity",
  "System.Security.AccessControl.FileSystemAccessRule",
  "System.Security.Cryptography.ProtectedData",
  "System.Security.Principal.WindowsIdentity",
  "Text.Encoding",
]);

class WindowsError extends Error {
  constructor(readonly number: number, message: string) {
    super(message);
  }
}

function writeLine(text: string): void {
  print(`${text}\r\n`);
}

function refuse(message: string): never {
  printError(`${message}\r\n`);
  Deno.exit(255);
}

function encodedScript(): string {
  const [logo, profile, interactive, command, encoded = "", ...more] = args;
  const options = [logo, profile, interactive, command].map((word) => word?.toLowerCase()).join();
  if (options !== "-nologo,-noprofile,-noninteractive,-encodedcommand" || more.length > 0) {
    refuse(`unknown options: ${args.join(" ").slice(0, 200)}`);
  }
  if (args.join(" ").length + 60 > MOST_COMMAND_LINE) refuse("the command line is too long");
  const bytes = Uint8Array.fromBase64(encoded);
  return new TextDecoder("utf-16le", { fatal: true }).decode(bytes);
}

/** Outside strings and here-strings, brackets must be balanced and classes must exist. */
function checkSyntax(script: string): void {
  const bare = script.replace(/@'\r?\n[^]*?\r?\n'@/g, "''").replace(/'[^'\n]*'/g, "''");
  const open: string[] = [];
  const pairs: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
  for (const character of bare) {
    if ("([{".includes(character)) open.push(character);
    else if (character in pairs && open.pop() !== pairs[character]) refuse("brackets do not match");
  }
  if (open.length > 0 || bare.replaceAll("''", "").includes("'")) refuse("something is left open");
  const named = [
    ...bare.matchAll(/\[([A-Z][\w.]+)\]/g),
    ...bare.matchAll(/New-Object ([\w.]+)/g),
  ].map(([, name]) => name!);
  const unknown = named.find((name) => !CLASSES.has(name));
  if (unknown !== undefined) refuse(`Unable to find type [${unknown}].`);
}

/** The lines before `end`. */
async function readLines(): Promise<string[]> {
  const lines = (await standardInput()).split(/\r?\n/);
  const end = lines.indexOf("end");
  if (end < 0) {
    writeLine("cut");
    Deno.exit(4);
  }
  return lines.slice(0, end);
}

function requireAssembly(script: string): void {
  const name = edition < 6 ? "System.Security" : "System.Security.Cryptography.ProtectedData";
  if (!new RegExp(`Add-Type -AssemblyName ${name.replaceAll(".", "\\.")} }`).test(script)) {
    throw new WindowsError(-2146233088, `Unable to find type: ${name} is not loaded`);
  }
}

function scramble(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0x5a);
}

function protect([plain = "", entropy = "", folderName = ""]: string[]): void {
  const decoded = Uint8Array.fromBase64(plain);
  if (decoded.length === 0) throw new WindowsError(-2147024809, "The parameter is incorrect.");
  if (folderName !== "") {
    const path = new TextDecoder().decode(Uint8Array.fromBase64(folderName));
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  }
  const sealed = new TextEncoder().encode(JSON.stringify({ user, entropy, plain }));
  writeLine(scramble(sealed).toBase64());
}

function unprotect([sealed = "", entropy = ""]: string[]): void {
  let blob: { user: string; entropy: string; plain: string };
  try {
    blob = JSON.parse(new TextDecoder().decode(scramble(Uint8Array.fromBase64(sealed))));
  } catch {
    throw new WindowsError(-2147024883, "The data is invalid.");
  }
  if (blob.user !== user) {
    throw new WindowsError(-2146893813, "Key not valid for use in specified state.");
  }
  if (blob.entropy !== entropy) throw new WindowsError(-2147024883, "The data is invalid.");
  writeLine(blob.plain);
}

function vaultStep([verb, target = "", text = ""]: string[]): string {
  if (vaultError !== undefined) throw new WindowsError(vaultError, `Win32 error ${vaultError}`);
  const entries = load(VAULT);
  if (verb === "list") {
    const start = target.replace(/\*$/, "");
    return `ok ${Object.keys(entries).filter((name) => name.startsWith(start)).join(" ")}`;
  }
  if (verb === "write") {
    if (text.length > MOST_BLOB_BYTES) {
      throw new WindowsError(1783, "The stub received bad data");
    }
    save(VAULT, { ...entries, [target]: text });
    return "ok";
  }
  const { [target]: found, ...others } = entries;
  if (found === undefined) return "none";
  if (verb === "read") return `ok ${found}`;
  if (verb !== "remove") refuse(`unknown step ${verb}`);
  save(VAULT, others);
  return "ok";
}

function perform(script: string, lines: string[]): void {
  if (script.includes("ProtectedData]::Protect($plain, $entropy, 'CurrentUser')")) {
    requireAssembly(script);
    protect(lines);
  } else if (script.includes("ProtectedData]::Unprotect($sealed, $entropy, 'CurrentUser')")) {
    requireAssembly(script);
    unprotect(lines);
  } else if (script.includes("Add-Type -TypeDefinition @'") && script.includes("CredWriteW")) {
    for (const line of lines) writeLine(vaultStep(line.split(" ")));
  } else if (script.includes("[Console]::Out.WriteLine('ready')")) writeLine("ready");
  else refuse("a script that is not known");
}

await begin();
const script = encodedScript();
checkSyntax(script);
if (constrained) {
  if (!script.startsWith("if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage')")) {
    refuse("Cannot invoke method. Method invocation is supported only on core types");
  }
  writeLine("constrained");
  Deno.exit(3);
}
const lines = await readLines();
// Progress, as Windows PowerShell writes it if standard error is not a console.
if (edition < 6) printError('#< CLIXML\r\n<Objs Version="1.1.0.1"></Objs>');
try {
  perform(script, lines);
} catch (error) {
  if (!(error instanceof WindowsError)) throw error;
  writeLine(`error ${error.number} ${new TextEncoder().encode(error.message).toBase64()}`);
  Deno.exit(1);
}
