import type { AppContext } from "../app/context.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Declaration } from "./declaration.ts";
import { expandHome, isWithin } from "./permissions.ts";

const CAN_RUN = "can run programs as you";

/** Folders and files below the home folder from which a shell, kubectl or an AWS SDK runs commands. */
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

export interface SensitivePlaces {
  home: string;
  /** More files that name programs to run: the AWS files, the kubeconfig. */
  sensitive: readonly string[];
}

export function sensitivePlaces({ ports: { environment }, paths }: AppContext): SensitivePlaces {
  const kube = environment.get("KUBECONFIG")?.split(environment.os === "windows" ? ";" : ":") ?? [];
  return { home: environment.home, sensitive: [paths.awsConfig, paths.awsCredentials, ...kube] };
}

/** Places from which programs are run, or which name them. */
export function programPlaces({ home, sensitive }: SensitivePlaces): string[] {
  const all = [...RUNS_COMMANDS.map((place) => `${home}/${place}`), ...sensitive];
  return all.filter((path) => path !== "");
}

/** Everything outside the home folder counts, except temporary files. */
function leadsToPrograms(path: string, all: SensitivePlaces): boolean {
  const { home } = all;
  const places = programPlaces(all);
  if (places.some((place) => isWithin(path, place) || isWithin(place, path))) return true;
  return !isWithin(path, home) && !isWithin(path, "/tmp") && !isWithin(path, "/var/tmp");
}

/** What a plugin asks for: a line each, the most dangerous last. */
export function describePermissions(
  { permissions, hooks, commands }: Declaration,
  places: SensitivePlaces,
): string[] {
  const { read, write, net, env, run, credentials, console, secrets } = permissions;
  const list = (words: readonly string[]) => words.map(showUntrusted).join(", ");
  const dangerous = (path: string) => leadsToPrograms(expandHome(path, places.home), places);
  const [worse, harmless] = [write.filter(dangerous), write.filter((path) => !dangerous(path))];
  const lines: [boolean, string][] = [
    [hooks.length > 0, `runs on: ${hooks.join(", ")}`],
    [Object.keys(commands).length > 0, `adds commands: ${Object.keys(commands).join(", ")}`],
    [read.length > 0, `reads ${list(read)}`],
    [harmless.length > 0, `writes ${list(harmless)}`],
    [net.length > 0, `connects to ${list(net)}`],
    [env.length > 0, `reads the environment variables ${list(env)}`],
    [console, "gets signed links to the AWS console"],
    [credentials, "gets AWS session credentials"],
    [secrets, "sees sign-in secrets: second factors, and what it stores as a secret store"],
    [worse.length > 0, `writes ${list(worse)}: ${CAN_RUN}`],
    [run.length > 0, `runs ${list(run)}: ${CAN_RUN}`],
  ];
  const described = lines.filter(([asked]) => asked).map(([, line]) => line);
  const [access] = lines.slice(2).filter(([asked]) => asked);
  return access === undefined ? [...described, "has no permissions"] : described;
}
