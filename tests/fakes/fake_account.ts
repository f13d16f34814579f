import type { Interaction } from "../../src/app/interaction.ts";
import type { OktaAccount } from "../../src/okta/sign_in/okta_account.ts";
import type { FactorPreference } from "../../src/okta/factors/factor_preference.ts";
import { Secret } from "../../src/secret.ts";
import type { AccountState } from "../../src/store/account_state.ts";
import { FakeClock } from "./fake_clock.ts";

export interface FakeAccountSettings {
  /** The factor setting; default: any. */
  preference?: Partial<FactorPreference>;
  storesTotp?: boolean;
  /** Answers questions; default: none can be answered. */
  interaction?: FakeInteraction;
}

/** An account with its state in memory and a stopped clock. */
export interface FakeAccount {
  /** The account, as far as code without requests needs it. */
  account: OktaAccount;
  /** The state that runs share. */
  state: AccountState;
  clock: FakeClock;
  /** Factors that the user chose to remember. */
  remembered: string[];
  /** The same account as seen by another run. */
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
    session: {
      askedAt: clock.now(),
      client: { clock, clockOffsetMilliseconds: 0 },
      state: {
        read: () => Promise.resolve({ ...state }),
        change: (members: Partial<AccountState>) =>
          Promise.resolve(void Object.assign(state, members)),
      },
    },
    secrets: {
      read: () => Promise.resolve({ totp: storesTotp ? new Secret("otpauth://x") : undefined }),
    },
    factors: {
      preference: { factorType: undefined, provider: undefined, ...preference },
      answerByPlugin: () => Promise.resolve(undefined),
      remember: ({ factorType }: { factorType: string }) =>
        Promise.resolve(void remembered.push(factorType)),
    },
  } as unknown as OktaAccount);
  return { account: newRun(), state, clock, remembered, newRun };
}

/** An interaction for tests, with its output. */
export interface FakeInteraction extends Interaction {
  /** The notices. */
  readonly said: string[];
  readonly menus: string[][];
}

/** Answers menus with the entry at position `choice`, or not at all. */
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
