/**
 * Picks AWS apps where there are several.
 *
 * @module
 */

import type { AppLink } from "../client/app_links.ts";
import type { Choice } from "../../ports.ts";
import type { Interaction } from "../../app/interaction.ts";

/** What an entry of the menu stands for, besides one app. */
type Pick = { kind: "app"; app: AppLink } | { kind: "all" } | { kind: "done" };

/**
 * Lets the person pick.
 *
 * @param apps The apps, at least one.
 * @param what What they are, for the question.
 * @returns Those picked, at least one, in the order of the home page; all where nobody can be asked.
 */
export async function pickApps(
  interaction: Interaction,
  apps: readonly AppLink[],
  what = "AWS apps",
): Promise<AppLink[]> {
  if (apps.length === 1 || !await interaction.canAsk()) return [...apps];
  const picked = new Set<AppLink>();
  while (picked.size < apps.length) {
    const choice = await interaction.askChoice(
      picked.size === 0 ? `Which of your ${apps.length} ${what}` : "Which other one",
      choicesOf(apps, picked),
    );
    if (choice.kind === "all") return [...apps];
    if (choice.kind === "done") break;
    picked.add(choice.app);
  }
  return apps.filter((app) => picked.has(app));
}

/** Two apps of one name are told apart by their links. */
function choicesOf(apps: readonly AppLink[], picked: ReadonlySet<AppLink>): Choice<Pick>[] {
  const count = (label: string) => apps.filter((app) => app.label === label).length;
  const rest = apps.filter((app) => !picked.has(app)).map((app): Choice<Pick> => ({
    name: count(app.label) === 1 ? app.label : `${app.label} (${pathOf(app)})`,
    value: { kind: "app", app },
  }));
  const last: Choice<Pick> = picked.size === 0
    ? { name: `all ${apps.length} of them`, value: { kind: "all" } }
    : { name: "no other", value: { kind: "done" } };
  return picked.size === 0 ? [...rest, last] : [last, ...rest];
}

function pathOf({ linkUrl }: AppLink): string {
  return URL.parse(linkUrl)?.pathname ?? linkUrl;
}
