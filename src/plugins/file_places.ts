/**
 * Places of the file system as plugins ask for them, and the ones that lead further.
 *
 * @module
 */

function parts(path: string): string[] {
  return path.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
}

/**
 * Whether two paths name the same place. Case counts for nothing, as on macOS and Windows: a plugin
 * must not get at a folder by spelling it otherwise.
 *
 * @param one An absolute path.
 * @param other Another.
 * @returns Whether they do.
 */
export function samePath(one: string, other: string): boolean {
  return parts(one).join("/").toLowerCase() === parts(other).join("/").toLowerCase();
}

/**
 * Whether a path is a folder or lies in it.
 *
 * @param path An absolute path.
 * @param folder An absolute path.
 * @returns Whether it does.
 */
export function isWithin(path: string, folder: string): boolean {
  const outer = parts(folder);
  return samePath(parts(path).slice(0, outer.length).join("/"), outer.join("/"));
}

/** Below the home folder: whoever writes there has commands run, by a shell, kubectl or an AWS SDK. */
const RUNS_COMMANDS = [
  ".aws",
  ".kube",
  ".ssh",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_logout",
  ".bash_aliases",
  ".profile",
  ".zshrc",
  ".zshenv",
  ".zprofile",
  ".zlogin",
  ".zlogout",
  ".oh-my-zsh",
  ".inputrc",
  ".gitconfig",
  ".config/fish",
  ".config/nushell",
  ".config/powershell",
  ".config/git",
  ".config/autostart",
  ".config/systemd",
  ".local/bin",
  ".local/share/applications",
  ".docker",
  ".deno",
  ".npmrc",
  ".vimrc",
  ".emacs.d",
  "bin",
  "Library/LaunchAgents",
  "Documents/PowerShell",
  "Documents/WindowsPowerShell",
  "AppData",
];

/**
 * Whether whoever can write a file can have programs run as the person.
 *
 * @param path The file or folder, absolute.
 * @param home The home folder.
 * @param more Further files that have programs run: the AWS and kube files of this run.
 * @returns Whether it can. What lies outside the home folder counts, but for temporary files.
 */
export function leadsToPrograms(path: string, home: string, more: readonly string[] = []): boolean {
  const places = [...RUNS_COMMANDS.map((place) => `${home}/${place}`), ...more];
  if (places.some((place) => isWithin(path, place) || isWithin(place, path))) return true;
  return !isWithin(path, home) && !isWithin(path, "/tmp") && !isWithin(path, "/var/tmp");
}
