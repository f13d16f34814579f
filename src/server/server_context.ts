/** Contexts for the server's work: nobody is asked, or the person at the page. @module */

import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import { reloadSettings } from "../app/open_context.ts";
import { InteractionError } from "../errors.ts";
import type { Terminal } from "../ports.ts";

/** With the settings as they are now; nobody can be asked and no push is sent. */
export function freshContext(context: AppContext): Promise<AppContext> {
  return contextWith(context, silent(context));
}

/**
 * With the settings as they are now. Secret stores don't ask at the server's terminal, where nobody
 * may be.
 */
export async function contextWith(
  context: AppContext,
  interaction: Interaction,
): Promise<AppContext> {
  const { ports } = context;
  const quiet: AppContext["ports"] = {
    ...ports,
    secretStore: (options) => ports.secretStore({ ...options, mayAsk: false }),
    terminal: () => Promise.resolve(NO_TERMINAL),
  };
  return { ...await reloadSettings({ ...context, ports: quiet }), interaction };
}

function cannotAsk(): Promise<never> {
  return Promise.reject(
    new InteractionError("someone has to sign in", {
      code: "no_input",
      hint: "run: okta-aws signin, or open the page: okta-aws serve --open",
    }),
  );
}

const NO_TERMINAL: Terminal = {
  canAsk: () => Promise.resolve(false),
  write() {},
  askText: cannotAsk,
  askSecret: cannotAsk,
  askConfirm: cannotAsk,
  askChoice: cannotAsk,
  askChoices: cannotAsk,
};

function silent({ interaction }: AppContext): Interaction {
  return {
    foreground: false,
    plain: true,
    columns: interaction.columns,
    color: false,
    patienceMilliseconds: 0,
    say: () => Promise.resolve(),
    show: () => Promise.resolve(),
    countDown() {},
    askSecret: cannotAsk,
    askConfirm: cannotAsk,
    askChoice: cannotAsk,
    askChoices: cannotAsk,
    canAsk: () => Promise.resolve(false),
    mayPush: () => Promise.resolve(false),
  };
}
