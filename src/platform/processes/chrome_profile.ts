/** Finds a profile of Chrome, Chromium, Edge or Brave by the name that the browser shows. @module */

import { InteractionError, UsageError } from "../../errors.ts";
import type { Environment, FoundBrowser } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { browserPlaces } from "../browser/find_browser.ts";

type System = Pick<Environment, "get" | "os" | "home">;

/** Where each browser keeps its profiles: on Linux, macOS and Windows. */
const DATA_FOLDERS: Readonly<Record<string, readonly [string, string, string]>> = {
  "Google Chrome": ["google-chrome", "Google/Chrome", "Google\\Chrome"],
  "Microsoft Edge": ["microsoft-edge", "Microsoft Edge", "Microsoft\\Edge"],
  "Brave": [
    "BraveSoftware/Brave-Browser",
    "BraveSoftware/Brave-Browser",
    "BraveSoftware\\Brave-Browser",
  ],
  "Chromium": ["chromium", "Chromium", "Chromium"],
};

/** Flatpak's ids, in its paths of programs and data. */
const FLATPAK = /(?:com|org)\.[\w.]+$/;

/** The folder with all profiles of a browser. */
function dataFolder({ name, path }: FoundBrowser, { get, os, home }: System): string | undefined {
  const [linux, mac, windows] = DATA_FOLDERS[name.replace(/ \(.*/, "")] ?? ["", "", ""];
  if (os === "darwin") return `${home}/Library/Application Support/${mac}`;
  if (os === "windows") return `${get("LOCALAPPDATA")}\\${windows}\\User Data`;
  if (name.endsWith("(Snap)")) return `${home}/snap/${path.split("/").at(-1)}/common/${linux}`;
  if (name.endsWith("(Flatpak)")) {
    return `${home}/.var/app/${FLATPAK.exec(path)?.[0]}/config/${linux}`;
  }
  return `${get("XDG_CONFIG_HOME") || `${home}/.config`}/${linux}`;
}

/** The kind of a program that the settings name. */
function browserAt(path: string): FoundBrowser {
  const file = path.split(/[\\/]/).at(-1)!.toLowerCase();
  const kind = /edge/.test(file) ? "Microsoft Edge" : /brave/.test(file) ? "Brave" : undefined;
  return { name: kind ?? (/chromium/.test(file) ? "Chromium" : "Google Chrome"), path };
}

interface ChromeProfile {
  folder: string;
  /** What the browser shows: the profile's name, and the person's e-mail address. */
  names: string[];
}

/** The profiles that the browser's `Local State` lists; none if it can't be read. */
async function readProfiles(data: string | undefined, { os }: System): Promise<ChromeProfile[]> {
  try {
    const path = `${data}${os === "windows" ? "\\" : "/"}Local State`;
    const state = JSON.parse(await Deno.readTextFile(path));
    const cache: Record<string, { name?: unknown; user_name?: unknown }> = state.profile.info_cache;
    return Object.entries(cache).map(([folder, { name, user_name }]) => ({
      folder,
      names: [name, user_name].filter((one) => typeof one === "string" && one !== "") as string[],
    }));
  } catch {
    return [];
  }
}

async function isProgram({ path }: FoundBrowser): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

/**
 * The first installed browser that has the profile.
 *
 * @param wanted The profile's name, in any case, its e-mail address, or its folder.
 * @param path The browser to look in, instead of all.
 * @throws {InteractionError} `no_browser`
 * @throws {UsageError} `unknown_chrome_profile`
 */
export async function findChromeProfile(
  wanted: string,
  path: string | undefined,
  system: System,
): Promise<{ program: string; folder: string }> {
  const places = path === undefined ? browserPlaces(system) : [browserAt(path)];
  const known = new Set<string>();
  let hasBrowser = false;
  for (const browser of places) {
    if (!await isProgram(browser)) continue;
    hasBrowser = true;
    const profiles = await readProfiles(dataFolder(browser, system), system);
    const found = profiles.find(({ folder }) => folder === wanted) ??
      profiles.find(({ names }) =>
        names.some((name) => name.toLowerCase() === wanted.toLowerCase())
      );
    if (found !== undefined) return { program: browser.path, folder: found.folder };
    for (const { folder, names } of profiles) known.add(names[0] ?? folder);
  }
  if (!hasBrowser) {
    throw new InteractionError("found no Chrome, Chromium, Edge or Brave", {
      code: "no_browser",
      hint: "print the URL instead (--print), or name the browser (--browser CMD)",
    });
  }
  throw new UsageError(`no browser has a profile named ${showUntrusted(wanted)}`, {
    code: "unknown_chrome_profile",
    hint: known.size > 0
      ? `use one of: ${[...known].map(showUntrusted).join(", ")}`
      : "create it in the browser first",
  });
}
