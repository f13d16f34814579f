import { deepStrictEqual, doesNotMatch } from "node:assert/strict";
import { browserOpener } from "../../../src/platform/processes/browser_command.ts";

const url = "https://signin.example/?a=1&b=$(x)";
const system = (os: "linux" | "darwin" | "windows", variables: Record<string, string> = {}) => ({
  os,
  get: (name: string) => variables[name],
});
const open = (browser: string | undefined, on = system("linux")) =>
  browserOpener(url, browser, "okta-dev-Admin", on);

Deno.test("browserOpener() is the system's opener", () => {
  deepStrictEqual(open(undefined), { command: ["xdg-open", url] });
  deepStrictEqual(open("", system("darwin")).command, ["/usr/bin/osascript", "-"]);
  for (const on of [system("windows"), system("linux", { WSL_DISTRO_NAME: "Debian" })]) {
    deepStrictEqual(open(undefined, on).command[0], "powershell.exe");
  }
});

Deno.test("browserOpener() keeps the URL out of argv where the opener reads its input", () => {
  const awkward = 'https://signin.example/?a="\\';
  const mac = browserOpener(awkward, undefined, "c", system("darwin"));
  deepStrictEqual(mac.input, 'open location "https://signin.example/?a=\\"\\\\"\n');
  for (const on of [system("darwin"), system("windows"), system("linux", { WSL_INTEROP: "/x" })]) {
    doesNotMatch(open(undefined, on).command.join(" "), /signin/);
  }
  deepStrictEqual(open(undefined, system("windows")).input, `${url}\n`);
});

Deno.test("browserOpener() takes a browser's words as they are, without a shell", () => {
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
    browserOpener(url, "f %c", "a&url=b", system("linux")).command[1],
    `ext+container:name=a%26url%3Db&url=${encodeURIComponent(url)}`,
  );
});
