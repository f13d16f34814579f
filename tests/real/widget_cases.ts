/** What people do in Okta's Sign-In Widget, factor by factor and state by state. */

import { otherFactor, totpFactor } from "../sim/default_world.ts";
import { newCredential } from "../fakes/fido2/keys.ts";
import { startDuo } from "../sim/duo/duo.ts";
import { LOOPBACK_TLS } from "../sim/tls_certificate.ts";
import { codeAt, counterAt } from "../sim/okta/totp.ts";
import type { Simulator } from "../sim/simulator.ts";
import type { PushPlan, SimFactor, SimUser, World } from "../sim/world.ts";
import type { Page } from "./chromium.ts";
import { inTime } from "./devtools.ts";
import { connectKey } from "./security_key.ts";

/** Classic or Identity Engine. */
export type Engine = "v1" | "idx";

/** A case of the table. */
export interface Case {
  name: string;
  /** Prepares the world. */
  world?: (user: SimUser, world: World) => void;
  /** Uses the widget; afterwards the assertion must have arrived at AWS, unless `stops`. */
  act: (widget: Widget) => Promise<void>;
  stops?: true;
  /** Why an engine has no such case. */
  without?: Partial<Record<Engine, string>>;
}

const CODE = [
  "answer",
  "passCode",
  "credentials.passcode",
  "credentials.answer",
  "credentials.totp",
]
  .map((name) => `input[name="${name}"]`).join(", ");
const SUBMIT = "input[type=submit], button[type=submit]";

/** Tells of each answer of a simulator. */
export class Answers {
  #next = Promise.withResolvers<void>();

  tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Waits until a function returns something, which it may do after each answer. */
  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    for (let found = look();; found = look()) {
      if (found !== undefined) return found;
      await inTime(this.#next.promise, what);
    }
  }
}

/** The widget in a page. */
export class Widget {
  constructor(
    readonly sim: Simulator,
    readonly page: Page,
    readonly engine: Engine,
    readonly answers: Answers,
  ) {}

  /** `v1` on Classic, `idx` on Identity Engine. */
  on<T>(choices: Record<Engine, T>): T {
    return choices[this.engine];
  }

  get factor(): SimFactor {
    return this.sim.world.users[0]!.factors[0]!;
  }

  async submit(): Promise<void> {
    await this.page.click(SUBMIT);
  }

  /** Types user name and password. */
  async name(password = this.sim.user.password): Promise<void> {
    const [name, secret] = this.on({
      v1: ["username", "password"],
      idx: ["identifier", "credentials.passcode"],
    });
    await this.page.type(`input[name="${name}"]`, this.sim.user.login);
    await this.page.type(`input[name="${secret}"]`, password);
    await this.submit();
  }

  /** Signs in up to the factor. */
  async begin(): Promise<void> {
    await this.name();
    await this.page.gone("input[name=username], input[name=identifier]");
  }

  /** Types a code, or an answer. */
  async give(code: string): Promise<void> {
    await this.page.type(CODE, code);
    await this.submit();
  }

  /** The last code that was sent. */
  async sentCode(): Promise<string> {
    return await this.answers.until(() => this.sim.state.inbox.at(-1)?.code, "a sent code");
  }

  /** Waits until the assertion has arrived at AWS. */
  async arrives(): Promise<void> {
    const posts = () => this.sim.requestsTo("signin", "POST", "/saml");
    try {
      await this.answers.until(() => posts().find(({ status }) => status === 200), "the assertion");
    } catch (error) {
      throw new Error(`${(error as Error).message} in: ${await this.page.describe()}`);
    }
  }
}

function only(...factors: SimFactor[]): (user: SimUser) => void {
  return (user) => void (user.factors = factors);
}

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

function typed(name: string, type: string): Case {
  return {
    name,
    world: (user) => only(otherFactor(type))(user),
    async act(widget) {
      const { answer, codes } = widget.factor;
      await widget.begin();
      await widget.give(answer ?? codes![0]!);
    },
  };
}

function sent(name: string, type: string, button: string): Case {
  return {
    name,
    world: (user) => only(otherFactor(type))(user),
    async act(widget) {
      await widget.begin();
      await widget.page.click(widget.on({ v1: button, idx: SUBMIT }));
      const code = await widget.sentCode();
      if (type === "email" && widget.engine === "idx") {
        await widget.page.click(".enter-auth-code-instead-link");
      }
      await widget.give(code);
    },
  };
}

function push(name: string, plan: Partial<PushPlan>, act: Case["act"]): Case {
  const whole: PushPlan = { outcome: "approve", waits: 0, numbers: [], ...plan };
  return {
    name,
    world: (user) => only(otherFactor("push", { push: structuredClone(whole) }))(user),
    async act(widget) {
      await widget.begin();
      await widget.submit();
      await act(widget);
    },
  };
}

const NEW_PASSWORD = "New-horse-battery-9-staple";

async function changePassword({ page, sim, engine }: Widget): Promise<void> {
  if (engine === "v1") {
    await page.type("input[name=oldPassword]", sim.user.password);
    await page.type("input[name=newPassword]", NEW_PASSWORD);
  } else await page.type(`input[name="credentials.passcode"]`, NEW_PASSWORD);
  await page.type("input[name=confirmPassword]", NEW_PASSWORD);
  await page.click(SUBMIT);
}

/** Only the first form has it, not those that ask for the user name alone. */
const PASSWORD = `input[name=password], input[name="credentials.passcode"]`;

const RECOVERY = { question: "What is the food you least liked as a child?", answer: "liver" };

/** The user can get in again by this factor, or by the recovery question of Classic. */
function recoverable(type: string): NonNullable<Case["world"]> {
  return (user, { org }) => {
    user.recovery = RECOVERY;
    if (org.pipeline === "idx") user.factors = [totpFactor(SECRET), otherFactor(type)];
  };
}

/** Identity Engine: asks for a code, by SMS or e-mail. */
async function requestCode({ page, sim }: Widget, key: string): Promise<void> {
  await page.click("a", "Forgot password?");
  await page.gone(PASSWORD);
  await page.type("input[name=identifier]", sim.user.login);
  await page.click(SUBMIT);
  await page.click(`[data-se=${key}] a`);
  await page.click(SUBMIT);
}

async function renewPassword({ page }: Widget): Promise<void> {
  await page.type(`input[name="credentials.passcode"]`, NEW_PASSWORD);
  await page.type("input[name=confirmPassword]", NEW_PASSWORD);
  await page.click(SUBMIT);
}

/** Opens the form of Classic's widget for a forgotten password, or a locked account. */
async function askForHelp({ page, sim }: Widget, link: string, button: string): Promise<void> {
  await page.click("a.js-help, [data-se=needhelp]");
  await page.click("a", link);
  await page.gone(PASSWORD);
  await page.type("input[name=username]", sim.user.login);
  await page.click("a.button, input[type=submit], .button", button);
}

/** Answers the recovery question of Classic's widget. */
async function answerQuestion({ page }: Widget): Promise<void> {
  await page.sees(RECOVERY.question);
  await page.type("input[name=answer]", RECOVERY.answer);
  await page.click(SUBMIT);
}

async function chooseNewPassword({ page }: Widget): Promise<void> {
  await page.type("input[name=newPassword]", NEW_PASSWORD);
  await page.type("input[name=confirmPassword]", NEW_PASSWORD);
  await page.click(SUBMIT);
}

/** The factor that is being enrolled. */
function enrolling({ state }: Simulator): SimFactor | undefined {
  const all = [...state.transactions.values(), ...state.idx.transactions.values()];
  return all.find((one) => one.enrolling)?.enrolling;
}

/** Gives the user a security key, and connects it to the browser. */
async function plugIn({ sim, page }: Widget): Promise<void> {
  const key = await newCredential("localhost");
  const { credentialId, publicKey } = key;
  const profile = { credentialId, authenticatorName: "YubiKey 5" };
  const factor = { provider: "FIDO", profile, key: { publicKey } } as const;
  sim.world.users[0]!.factors = [otherFactor("webauthn", factor)];
  await connectKey((method, params) => page.send(method, params), key);
}

/** All cases. */
export const CASES: Case[] = [
  {
    name: "TOTP",
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
    },
  },
  {
    name: "TOTP of Okta Verify",
    world: (user) => only(totpFactor(SECRET, { provider: "OKTA" }))(user),
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
    },
  },
  sent("SMS", "sms", ".sms-request-button"),
  sent("call", "call", ".call-request-button"),
  sent("e-mail", "email", ".email-request-button, input[type=submit]"),
  typed("question", "question"),
  typed("HOTP", "token:hotp"),
  typed("RSA", "token"),
  typed("YubiKey OTP", "token:hardware"),
  {
    name: "RSA with a new PIN",
    world: (user) =>
      only(otherFactor("token", { pinSteps: ["new_pin", "repeat_pin", "next_code"] }))(user),
    async act(widget) {
      const [first, second] = widget.factor.codes!;
      await widget.begin();
      await widget.give(first!);
      await widget.page.sees("Enter a new PIN");
      await widget.give("4711");
      await widget.page.sees("re-enter new PIN");
      await widget.give("4711");
      await widget.page.sees("enter new passcode");
      await widget.give(second!);
    },
  },
  push("push", {}, async () => {}),
  push("push with a number", { waits: 2, numbers: [0] }, (widget) => widget.page.sees("0")),
  push("push rejected, then approved", { outcome: "reject" }, async (widget) => {
    await widget.page.sees("You have chosen to reject this login");
    widget.factor.push!.outcome = "approve";
    await widget.submit();
  }),
  push("push timed out, then approved", { outcome: "timeout" }, async (widget) => {
    await widget.page.sees("Your push notification has expired");
    widget.factor.push!.outcome = "approve";
    await widget.submit();
  }),
  {
    name: "one of two factors",
    world: (user) => only(totpFactor(SECRET), otherFactor("question"))(user),
    async act(widget) {
      await widget.begin();
      if (widget.engine === "v1") {
        await widget.page.click(".dropdown.more-actions a");
        await widget.page.click(".dropdown a", "Security Question");
      } else await widget.page.click("[data-se=security_question] a");
      await widget.page.sees("food you least liked");
      await widget.give("liver");
    },
  },
  {
    name: "user name first",
    world: (_, { idx }) => void (idx.identify = "first"),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      const { page, sim } = widget;
      await page.type("input[name=identifier]", sim.user.login);
      await widget.submit();
      await page.gone("input[name=identifier]");
      await page.click("[data-se=okta_password] a");
      await page.sees("Verify with your password");
      await widget.give(sim.user.password);
      await page.sees("Verify with Google");
      await widget.give(await sim.user.code());
    },
  },
  {
    name: "no factor",
    world: (user) => void (user.mfa = "none"),
    act: (widget) => widget.name(),
  },
  {
    name: "wrong password",
    async act(widget) {
      await widget.name("wrong");
      await widget.page.sees("Unable to sign in");
      await widget.begin();
      await widget.give(await widget.sim.user.code());
    },
  },
  {
    name: "wrong code",
    async act(widget) {
      await widget.begin();
      await widget.give("000000");
      await widget.page.sees("doesn't match our records");
      await widget.give(await widget.sim.user.code());
    },
  },
  {
    name: "used code",
    async act(widget) {
      await widget.begin();
      const used = await widget.sim.user.code();
      widget.factor.lastCounter = counterAt(widget.factor.totp!, widget.sim.world.clock.now());
      await widget.give(used);
      await widget.page.sees("Each code can only be used once");
      await widget.give(await widget.sim.user.code(1));
    },
  },
  {
    name: "expired transaction",
    stops: true,
    async act(widget) {
      await widget.begin();
      await widget.page.sees("Google Authenticator");
      widget.sim.world.clock.advance(6 * 60_000);
      await widget.give(await widget.sim.user.code());
      await widget.page.sees(
        widget.on({ v1: "session has expired", idx: "logged out due to inactivity" }),
      );
    },
  },
  {
    name: "locked account",
    stops: true,
    world: (user, { policy }) => {
      user.lockedOut = true;
      policy.showLockout = true;
    },
    async act(widget) {
      await widget.name();
      await widget.page.sees("account is locked");
    },
  },
  {
    name: "app not assigned",
    stops: true,
    world: (_, { apps }) => void (apps[0]!.assigned = []),
    async act(widget) {
      await widget.name();
      if (widget.engine === "v1") await widget.give(await widget.sim.user.code());
      await widget.page.sees("User is not assigned to this application");
    },
  },
  {
    name: "password expired",
    world: (user) => void (user.passwordState = "expired"),
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
      await changePassword(widget);
    },
  },
  {
    name: "password reset",
    world(user, { idx }) {
      user.passwordState = "expired";
      idx.expiredAs = "reset-authenticator";
    },
    without: { v1: "by a link, which no sign-in shows" },
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
      await changePassword(widget);
    },
  },
  {
    name: "password forgotten, code by SMS",
    world: recoverable("sms"),
    async act(widget) {
      if (widget.engine === "idx") {
        await requestCode(widget, "phone_number");
        await widget.give(await widget.sentCode());
        return await renewPassword(widget);
      }
      await askForHelp(widget, "Forgot password?", "Reset via SMS");
      await widget.give(await widget.sentCode());
      await answerQuestion(widget);
      await chooseNewPassword(widget);
      await widget.give(await widget.sim.user.code());
    },
  },
  {
    name: "password forgotten, link by e-mail",
    world: recoverable("email"),
    async act(widget) {
      const { page, sim } = widget;
      if (widget.engine === "idx") {
        await requestCode(widget, "okta_email");
        await widget.sentCode();
        sim.world.users[0]!.factors[1]!.linkClicked = true;
        return await renewPassword(widget);
      }
      await askForHelp(widget, "Forgot password?", "Reset via Email");
      const token = await widget.sentCode();
      await page.sees("Email sent!");
      await page.open(`${sim.okta}/signin/reset-password/${token}`);
      await answerQuestion(widget);
      await chooseNewPassword(widget);
      await widget.give(await sim.user.code());
      const home = () => sim.requestsTo("okta", "GET", "/app/UserHome")[0];
      await widget.answers.until(home, "Okta's home page");
      await page.open(sim.embedLink());
    },
  },
  {
    name: "account unlocked",
    world: (user, world) => {
      recoverable("email")(user, world);
      user.lockedOut = true;
      world.policy.showLockout = true;
      world.idx.unlock = true;
    },
    async act(widget) {
      const { page, sim } = widget;
      if (widget.engine === "idx") {
        await page.click("a", "Unlock account?");
        await page.gone(PASSWORD);
        await page.type("input[name=identifier]", sim.user.login);
        await page.click("[data-se=okta_email] a");
        const code = await widget.sentCode();
        await page.click(".enter-auth-code-instead-link");
        await widget.give(code);
        await page.click("[data-se=okta_password] a");
        return await widget.give(sim.user.password);
      }
      await askForHelp(widget, "Unlock account?", "Send SMS");
      await widget.give(await widget.sentCode());
      await answerQuestion(widget);
      await widget.page.sees("successfully unlocked");
      await widget.page.click("a, .button", "Back to sign in");
      await widget.begin();
      await widget.give(await widget.sim.user.code());
    },
  },
  {
    name: "password expires soon, changed",
    world: (user) => void (user.passwordState = { expiresInDays: 3 }),
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
      await widget.page.sees("expire");
      await changePassword(widget);
    },
  },
  {
    name: "password expires soon, skipped",
    world: (user) => void (user.passwordState = { expiresInDays: 3 }),
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
      await widget.page.sees("expire");
      await widget.page.click("a", "Remind me later");
    },
  },
  {
    name: "Google Authenticator enrolled",
    world: (user) => {
      user.factors = [];
      user.mfa = "enroll";
    },
    async act(widget) {
      const { page } = widget;
      await widget.begin();
      if (widget.engine === "v1") {
        await page.click("[data-se=GOOGLE_AUTH] a");
        await page.click("label", "iPhone");
        await page.click("a", "Next");
        await page.sees("Scan a QR code");
        await page.click("a, input", "Next");
      } else {
        await page.click("[data-se=google_otp] a");
        await page.click(".google-authenticator-next");
      }
      const { totp } = await widget.answers.until(() => enrolling(widget.sim), "a factor");
      const code = await codeAt(totp!, counterAt(totp!, widget.sim.world.clock.now()));
      await page.type(CODE, code);
      await page.click(`${SUBMIT}, a.button-primary`);
    },
  },
  {
    name: "security key",
    async act(widget) {
      await plugIn(widget);
      await widget.name();
    },
  },
  {
    name: "Duo's frame",
    async act(widget) {
      await using duo = startDuo({}, LOOPBACK_TLS);
      const { host, keys } = duo;
      const factor = otherFactor("web", { provider: "DUO", duo: { host, keys } });
      widget.sim.world.users[0]!.factors = [factor];
      await widget.begin();
      await widget.arrives();
    },
  },
  {
    name: "U2F",
    without: {
      v1: "Chromium has no U2F API any more",
      idx: "enrolled as WebAuthn only",
    },
    act: () => Promise.reject(new Error("without a client")),
  },
  {
    name: "back to sign-in",
    async act(widget) {
      await widget.begin();
      await widget.page.click("a", "Back to sign in");
      await widget.page.sees("Username");
      await widget.begin();
      await widget.give(await widget.sim.user.code());
    },
  },
  {
    name: "session alive",
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
      await widget.arrives();
      widget.sim.requests.length = 0;
      await widget.page.open(widget.sim.embedLink());
    },
  },
  {
    name: "step-up",
    world: (user, { apps, org }) => {
      only(otherFactor("question"))(user);
      if (org.pipeline === "v1") apps[0]!.stepUp = "script";
      else apps[0]!.policy = { everyTime: true };
    },
    async act(widget) {
      await widget.begin();
      await widget.give("liver");
      if (widget.engine === "idx") {
        await widget.arrives();
        widget.sim.requests.length = 0;
        await widget.page.open(widget.sim.embedLink());
        await widget.page.click("[data-se=okta_password] a");
        await widget.page.sees("Verify with your password");
        await widget.give(widget.sim.user.password);
      } else {
        const introspected = () =>
          widget.sim.requestsTo("okta", "POST", "/api/v1/authn/introspect")[0];
        await widget.answers.until(introspected, "introspect");
      }
      await widget.page.sees("food you least liked");
      await widget.give("liver");
    },
  },
  {
    name: "remembered device",
    without: { idx: 'asked with "keep me signed in"' },
    async act(widget) {
      const { page, sim } = widget;
      await widget.begin();
      await page.click("label", "Do not challenge me on this device");
      await widget.give(await sim.user.code());
      await widget.arrives();
      sim.requests.length = 0;
      sim.state.sessions.clear();
      await page.open(sim.embedLink());
      await widget.name();
    },
  },
  {
    name: "keep me signed in",
    world: (_, { idx }) => void (idx.keepMeSignedIn = true),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
      await widget.page.sees("Keep me signed in");
      await widget.page.click("a.button, .button", "Stay signed in");
    },
  },
  {
    name: "probing for Okta Verify",
    world: (_, { idx }) => void (idx.probing = true),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
    },
  },
  {
    name: "denied by the app's policy",
    stops: true,
    world: (_, { apps }) => void (apps[0]!.policy = { denial: "access_denied" }),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      await widget.name();
      await widget.page.sees("You do not have permission");
    },
  },
  {
    name: "device violates the policy",
    stops: true,
    world: (_, { apps }) => void (apps[0]!.policy = { denial: "device_assurance" }),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      await widget.name();
      await widget.page.sees("Your device doesn't meet the security requirements");
    },
  },
  {
    name: "device in its grace period",
    world: (_, { apps }) => void (apps[0]!.policy = { gracePeriod: true }),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      await widget.begin();
      await widget.give(await widget.sim.user.code());
      await widget.page.click("a.button, .button", "Continue to app");
    },
  },
  {
    name: "temporary access code",
    world: (user) => only(otherFactor("tac"))(user),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      await widget.begin();
      await widget.give(widget.factor.codes![0]!);
    },
  },
  {
    name: "e-mail by its link",
    world: (user) => only(otherFactor("email"))(user),
    without: { v1: "Identity Engine only" },
    async act(widget) {
      await widget.begin();
      await widget.submit();
      await widget.sentCode();
      widget.factor.linkClicked = true;
    },
  },
];
