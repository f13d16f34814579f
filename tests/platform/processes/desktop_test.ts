import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import {
  browserOpener,
  notifier,
  showNotification,
} from "../../../src/platform/processes/desktop.ts";
import { neededVariables, writeProgram } from "../../fakes/programs.ts";
import { scratchTest } from "../scratch_folder.ts";

const url = "https://signin.example/?a=1&b=$(x)";
const system = (os: "linux" | "darwin" | "windows", variables: Record<string, string> = {}) => ({
  os,
  get: (name: string) => variables[name],
});
const open = (browser: string | undefined, on = system("linux")) =>
  browserOpener(url, { browser, container: "okta-dev-Admin" }, on);

Deno.test("browserOpener() uses the system's opener by default", () => {
  deepStrictEqual(open(undefined), { command: ["xdg-open", url] });
  deepStrictEqual(open("", system("darwin")).command, ["/usr/bin/osascript", "-"]);
  for (const on of [system("windows"), system("linux", { WSL_DISTRO_NAME: "Debian" })]) {
    deepStrictEqual(open(undefined, on).command[0], "powershell.exe");
  }
});

Deno.test("browserOpener() keeps the URL out of argv if the opener reads standard input", () => {
  const awkward = 'https://signin.example/?a="\\';
  const mac = browserOpener(awkward, {}, system("darwin"));
  deepStrictEqual(mac.input, 'open location "https://signin.example/?a=\\"\\\\"\n');
  for (const on of [system("darwin"), system("windows"), system("linux", { WSL_INTEROP: "/x" })]) {
    doesNotMatch(open(undefined, on).command.join(" "), /signin/);
  }
  deepStrictEqual(open(undefined, system("windows")).input, `${url}\n`);
});

Deno.test("browserOpener() splits a browser's command without a shell", () => {
  const command = (browser: string) => open(browser).command;
  deepStrictEqual(command("firefox -P work"), ["firefox", "-P", "work", url]);
  deepStrictEqual(command(`"/My Apps/b" '--x=$HOME y'`), ["/My Apps/b", "--x=$HOME y", url]);
  deepStrictEqual(command("b --url=%s --new"), ["b", `--url=${url}`, "--new"]);
});

Deno.test("browserOpener() makes Firefox container links", () => {
  const link = `ext+container:name=okta-dev-Admin&url=${encodeURIComponent(url)}`;
  deepStrictEqual(open("firefox-container").command, ["firefox", link]);
  deepStrictEqual(open("librewolf -P x %c").command, ["librewolf", "-P", "x", link]);
  deepStrictEqual(
    browserOpener(url, { browser: "f %c", container: "a&url=b" }, system("linux")).command[1],
    `ext+container:name=a%26url%3Db&url=${encodeURIComponent(url)}`,
  );
});

Deno.test("notifier() passes notify-send neither options nor markup", () => {
  deepStrictEqual(notifier("okta-aws", "-h <b>&", "linux"), {
    command: ["notify-send", "--app-name=okta-aws", "--", "okta-aws", "-h &#60;b&#62;&#38;"],
  });
});

Deno.test("notifier() quotes text for osascript, on standard input", () => {
  const { command, input } = notifier("okta-aws", 'a "b" \\', "darwin")!;
  deepStrictEqual(command, ["/usr/bin/osascript", "-"]);
  strictEqual(input, 'display notification "a \\"b\\" \\\\" with title "okta-aws"\n');
  strictEqual(notifier("okta-aws", "x", "windows"), undefined);
});

scratchTest(
  "showNotification() runs the program, and ignores that there is none",
  async (folder) => {
    const write = (file: string) => Deno.writeTextFileSync(file, Deno.args.join("|"));
    const program = await writeProgram(`${folder}/notify-send`, write, `${folder}/note`);
    const environment = {
      all: () => ({ ...neededVariables(), PATH: folder }),
      os: "linux",
    } as const;
    await showNotification("okta-aws", "renewed a", environment);
    match(await Deno.readTextFile(`${folder}/note`), /okta-aws\|renewed a$/);
    await Deno.remove(program);
    await showNotification("okta-aws", "renewed a", environment);
  },
);
