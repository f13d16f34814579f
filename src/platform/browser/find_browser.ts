/** Where Chrome, Chromium, Edge and Brave are installed. @module */

import type { BrowserSearch, Environment, FoundBrowser } from "../../ports.ts";

type System = Pick<Environment, "get" | "os" | "home">;

/** Names in PATH, in order. */
const LINUX_PROGRAMS: readonly [name: string, program: string][] = [
  ["Google Chrome", "google-chrome-stable"],
  ["Google Chrome", "google-chrome"],
  ["Microsoft Edge", "microsoft-edge-stable"],
  ["Microsoft Edge", "microsoft-edge"],
  ["Brave", "brave-browser"],
  ["Brave", "brave"],
  ["Chromium", "chromium"],
  ["Chromium", "chromium-browser"],
];

const LINUX_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/google/chrome"];

/** Sandboxed packages come last: they may not reach the profile's folder. */
const LINUX_PACKAGES: readonly [name: string, path: string][] = [
  ["Google Chrome", "/opt/google/chrome/chrome"],
  ["Microsoft Edge", "/opt/microsoft/msedge/msedge"],
  ["Brave", "/opt/brave.com/brave/brave"],
  ["Chromium (Snap)", "/snap/bin/chromium"],
  ["Brave (Snap)", "/snap/bin/brave"],
  ["Google Chrome (Flatpak)", "/var/lib/flatpak/exports/bin/com.google.Chrome"],
  ["Chromium (Flatpak)", "/var/lib/flatpak/exports/bin/org.chromium.Chromium"],
  ["Microsoft Edge (Flatpak)", "/var/lib/flatpak/exports/bin/com.microsoft.Edge"],
  ["Brave (Flatpak)", "/var/lib/flatpak/exports/bin/com.brave.Browser"],
];

const MAC_BUNDLES: readonly [name: string, path: string][] = [
  ["Google Chrome", "Google Chrome.app/Contents/MacOS/Google Chrome"],
  ["Microsoft Edge", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"],
  ["Brave", "Brave Browser.app/Contents/MacOS/Brave Browser"],
  ["Chromium", "Chromium.app/Contents/MacOS/Chromium"],
];

const WINDOWS_PROGRAMS: readonly [name: string, path: string][] = [
  ["Google Chrome", "Google\\Chrome\\Application\\chrome.exe"],
  ["Microsoft Edge", "Microsoft\\Edge\\Application\\msedge.exe"],
  ["Brave", "BraveSoftware\\Brave-Browser\\Application\\brave.exe"],
  ["Chromium", "Chromium\\Application\\chrome.exe"],
];

function inFolders(
  folders: readonly (string | undefined)[],
  programs: readonly [string, string][],
  separator: string,
): FoundBrowser[] {
  const known = [...new Set(folders.filter((folder) => folder !== undefined && folder !== ""))];
  return programs.flatMap(([name, program]) =>
    known.map((folder) => ({ name, path: `${folder}${separator}${program}` }))
  );
}

/** All places, best first. */
export function browserPlaces({ get, os, home }: System): FoundBrowser[] {
  if (os === "darwin") {
    return inFolders(["/Applications", `${home}/Applications`], MAC_BUNDLES, "/");
  }
  if (os === "windows") {
    const folders = [get("ProgramFiles"), get("ProgramFiles(x86)"), get("LOCALAPPDATA")];
    return inFolders(folders, WINDOWS_PROGRAMS, "\\");
  }
  const path = (get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"));
  // A wrapper of Snap's in PATH is no better than Snap's own place.
  const folders = [...path, ...LINUX_FOLDERS].filter((folder) => !folder.startsWith("/snap/"));
  const packages = LINUX_PACKAGES.map(([name, path]) => ({ name, path }));
  const own = LINUX_PACKAGES.filter(([name]) => name.endsWith("(Flatpak)")).map(([name, path]) => ({
    name,
    path: path.replace("/var/lib/flatpak", `${home}/.local/share/flatpak`),
  }));
  return [...inFolders(folders, LINUX_PROGRAMS, "/"), ...packages, ...own];
}

async function isProgram(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

/** @param named A path that the person named, instead of the usual places. */
export async function findBrowser(
  system: System,
  named: string | undefined,
): Promise<BrowserSearch> {
  const places = named === undefined ? browserPlaces(system) : [{ name: named, path: named }];
  for (const browser of places) {
    if (await isProgram(browser.path)) return { browser, searched: [] };
  }
  return { browser: undefined, searched: places.map(({ path }) => path) };
}
