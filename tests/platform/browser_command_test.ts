import { deepStrictEqual } from "node:assert/strict";
import { browserCommand } from "../../src/platform/browser_command.ts";

const url = "https://signin.example/?a=1&b=$(x)";
const system = (os: "linux" | "darwin" | "windows", variables: Record<string, string> = {}) => ({
  os,
  get: (name: string) => variables[name],
});

Deno.test("browserCommand() is the system's opener", () => {
  deepStrictEqual(browserCommand(url, undefined, system("linux")), ["xdg-open", url]);
  deepStrictEqual(browserCommand(url, "", system("darwin")), ["/usr/bin/open", url]);
  const windows = ["rundll32.exe", "url.dll,FileProtocolHandler", url];
  deepStrictEqual(browserCommand(url, undefined, system("windows")), windows);
  const wsl = system("linux", { WSL_DISTRO_NAME: "Debian" });
  deepStrictEqual(browserCommand(url, undefined, wsl), windows);
});

Deno.test("browserCommand() takes a browser's words as they are, without a shell", () => {
  const linux = system("linux");
  deepStrictEqual(browserCommand(url, "firefox -P work", linux), ["firefox", "-P", "work", url]);
  deepStrictEqual(browserCommand(url, `"/My Apps/b" '--x=$HOME y'`, linux), [
    "/My Apps/b",
    "--x=$HOME y",
    url,
  ]);
  deepStrictEqual(browserCommand(url, "b --url=%s --new", linux), ["b", `--url=${url}`, "--new"]);
});
