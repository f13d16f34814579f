import type { Interaction } from "../../src/app/interaction.ts";
import type { OktaAccount } from "../../src/okta/sign_in/okta_account.ts";
import type { FactorPreference } from "../../src/okta/factors/factors.ts";
import { Secret } from "../../src/secret.ts";
import type { AccountState } from "../../src/okta/sign_in/account_state.ts";
import { FakeClock } from "./fake_clock.ts";

/** What is special about an account. */
export interface FakeAccountSettings {
  /** Which factor the person wants; any where it is left out. */
  preference?: Partial<FactorPreference>;
  /** Whether a TOTP secret is stored. */
  storesTotp?: boolean;
  /** Who answers; nobody unless given. */
  interaction?: FakeInteraction;
}

/** An account whose state lies in memory, and whose time stands still. */
export interface FakeAccount {
  /** The account, as far as flows without requests need it. */
  account: OktaAccount;
  /** What runs have left for one another. */
  state: AccountState;
  clock: FakeClock;
  /** Factors that the person wanted to be remembered. */
  remembered: string[];
  /** The same account as another run has it that begins to ask now. */
  newRun(interaction?: FakeInteraction): OktaAccount;
}

export function fakeAccount(
  { preference = {}, storesTotp = false, interaction = fakeInteraction() }: FakeAccountSettings =
    {},
): FakeAccount {
  const clock = new FakeClock();
  const state: AccountState = { version: 1, account: "default" };
  const remembered: string[] = [];
  const newRun = (person = interaction): OktaAccount => ({
    interaction: person,
    name: "default",
    askedAt: clock.now(),
    client: { clock, clockOffsetMilliseconds: 0 },
    preference: { factorType: undefined, provider: undefined, ...preference },
    secrets: () => Promise.resolve({ totp: storesTotp ? new Secret("otpauth://x") : undefined }),
    state: {
      read: () => Promise.resolve({ ...state }),
      change: (members: Partial<AccountState>) =>
        Promise.resolve(void Object.assign(state, members)),
    },
    answerByPlugin: () => Promise.resolve(undefined),
    rememberFactor: ({ factorType }: { factorType: string }) =>
      Promise.resolve(void remembered.push(factorType)),
  } as unknown as OktaAccount);
  return { account: newRun(), state, clock, remembered, newRun };
}

/** Who answers in a test, and what was said meanwhile. */
export interface FakeInteraction extends Interaction {
  /** What was said. */
  readonly said: string[];
  /** The entries of the menus. */
  readonly menus: string[][];
}

/** A person; a menu is answered by the position of `choice`, or by nobody. */
export function fakeInteraction(
  { foreground = true, choice, toggles = false }: {
    foreground?: boolean;
    choice?: number;
    toggles?: boolean;
  } = {},
): FakeInteraction {
  const said: string[] = [];
  const menus: string[][] = [];
  return {
    said,
    menus,
    foreground,
    canAsk: () => Promise.resolve(choice !== undefined),
    say: (line: string) => Promise.resolve(void said.push(line)),
    askChoice: <T>(
      _question: string,
      choices: { name: string; value: T }[],
      toggle?: { onAnswer: (on: boolean) => void },
    ) => {
      menus.push(choices.map(({ name }) => name));
      toggle?.onAnswer(toggles);
      return Promise.resolve(choices[choice!]!.value);
    },
  } as unknown as FakeInteraction;
}
