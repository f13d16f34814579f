/**
 * clisso: `~/.clisso.yaml`, with providers and the apps that use them.
 *
 * @see https://github.com/allcloud-io/clisso/blob/master/sample_config.yaml
 */

import { type Found, nothingFound, type Source } from "../found.ts";
import { readAddress, readRegion, readRole, readTtl } from "../old_values.ts";
import { mapOf, mapsOf, readOldYaml, textOf, type YamlMap } from "./old_yaml.ts";

const TOOL = "clisso";

export async function readClisso(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const path = `${source.environment.home}/.clisso.yaml`;
  const document = await readOldYaml(source, found, path) ?? {};
  const global = mapOf(document.global);
  const providers = new Map(mapsOf(document.providers));
  for (const [name, provider] of providers) {
    const type = textOf(provider, "type");
    if (type === "okta") continue;
    const why = `its type is ${type ?? "missing"}, not okta`;
    found.leftOut.push({ tool: TOOL, what: `provider ${name}`, why });
  }
  for (const [name, app] of mapsOf(document.apps)) addApp(found, name, app, { providers, global });
  for (const [id, name] of Object.entries(mapOf(global.accounts))) {
    if (typeof name === "string") found.accountNames.set(id, name);
  }
  for (const { program, args, profile } of source.processes) {
    if (program !== TOOL) continue;
    const entry = found.entries.find(({ label }) => args.includes(label));
    if (entry === undefined) {
      found.leftOut.push({ tool: TOOL, what: `profile ${profile}`, why: "names no usable app" });
    } else if (!entry.profiles.some((one) => one.name === profile)) {
      entry.profiles.push({ ...entry.profiles[0]!, name: profile });
    }
  }
  return found;
}

function addApp(
  found: Found,
  name: string,
  app: YamlMap,
  { providers, global }: { providers: ReadonlyMap<string, YamlMap>; global: YamlMap },
): void {
  const leave = (why: string) => void found.leftOut.push({ tool: TOOL, what: `app ${name}`, why });
  const provider = providers.get(textOf(app, "provider") ?? "");
  if (provider === undefined) return leave("its provider is missing");
  if (textOf(provider, "type") !== "okta") return leave("its provider is not Okta");
  const link = readAddress(textOf(app, "url"));
  const address = readAddress(textOf(provider, "base-url")) ?? link;
  if (address === undefined) return leave("the provider's base-url is no address");
  const region = readRegion(textOf(app, "aws-region")) ?? readRegion(textOf(global, "aws-region"));
  const roleArn = readRole(
    textOf(app, "arn") ?? textOf(app, "role-arn") ?? textOf(provider, "arn"),
  );
  const own = textOf(app, "provider")!;
  found.entries.push({
    tool: TOOL,
    label: name,
    org: address.org,
    app: link?.app,
    username: textOf(provider, "username"),
    sessionTtl: readTtl(textOf(app, "duration") ?? textOf(provider, "duration")),
    region,
    profiles: [{ name, roleArn, region }],
    password: {
      kind: "keyring",
      shown: "the keyring item of clisso",
      item: {
        attributes: { service: TOOL, username: own },
        keychain: { kind: "generic", service: TOOL, account: own },
      },
      format: "go-keyring",
    },
  });
}
