/**
 * A small client of the simulator's Identity Engine mode, for the simulator's own tests. It fills in
 * the forms of the answers and shares no code with the product.
 */

import { type Answer, samlResponseOf, send } from "./probe.ts";
import type { Simulator } from "./simulator.ts";

const ION = "application/ion+json; okta-version=1.0.0";

// deno-lint-ignore no-explicit-any -- tests look into many shapes
type Json = any;

/** A sign-in in progress. */
export class IdxProbe {
  answer!: Answer;

  constructor(readonly sim: Simulator, readonly cookie = "") {}

  /** Opens a page and introspects its stateToken. */
  async open(page = this.sim.embedLink()): Promise<Answer> {
    const { text } = await send(page, { headers: { cookie: this.cookie } });
    const found = /stateToken(?:'|")?\s*[=:]\s*['"]([^'"]+)['"]/.exec(text)?.[1];
    if (found === undefined) throw new Error(`no stateToken in ${text.slice(0, 300)}`);
    const stateToken = found.replace(
      /\\(?:x|u00)([0-9A-F]{2})/g,
      (_, hex) => String.fromCharCode(parseInt(hex, 16)),
    );
    return await this.post("/idp/idx/introspect", { stateToken }, ION);
  }

  async post(path: string, body: unknown, type = "application/json"): Promise<Answer> {
    const url = new URL(path, this.sim.okta).href;
    const headers = { "content-type": type, accept: ION };
    this.answer = await send(url, { method: "POST", headers, body: JSON.stringify(body) });
    return this.answer;
  }

  get json(): Json {
    return this.answer.json;
  }

  /** The names of the remediations. */
  get names(): string[] {
    return (this.json.remediation?.value ?? []).map(({ name }: { name: string }) => name);
  }

  /** The i18n keys of all messages, of the answer and of fields. */
  get keys(): string[] {
    return [...JSON.stringify(this.json).matchAll(/"i18n":\{"key":"([^"]+)"/g)]
      .map(([, key]) => key!);
  }

  /** Finds a form of the last answer: a remediation, or one of the current authenticator. */
  form(name: string): Json {
    const current = this.json.currentAuthenticator ?? this.json.currentAuthenticatorEnrollment;
    const form = this.json.remediation?.value.find((one: Json) => one.name === name) ??
      current?.value[name] ?? this.json[name];
    if (!form) throw new Error(`no ${name} among ${this.names} (${this.answer.text})`);
    return form;
  }

  async submit(name: string, body: Record<string, unknown> = {}): Promise<Answer> {
    const form = this.form(name);
    const hidden = form.value.find((field: Json) => field.name === "stateHandle").value;
    return await this.post(form.href, { stateHandle: hidden, ...body });
  }

  /** Submits the user name, and the password if the form asks for it. */
  async identify(password = this.sim.user.password): Promise<Answer> {
    const combined = this.form("identify").value.some((one: Json) => one.name === "credentials");
    const credentials = combined ? { credentials: { passcode: password } } : {};
    return await this.submit("identify", { identifier: this.sim.user.login, ...credentials });
  }

  async give(credentials: Record<string, unknown>): Promise<Answer> {
    return await this.submit("challenge-authenticator", { credentials });
  }

  /** Chooses an authenticator by its label. */
  async choose(label: string, extra: Record<string, unknown> = {}): Promise<Answer> {
    const [field] = this.form("select-authenticator-authenticate").value;
    const option = field.options.find((one: Json) => one.label === label);
    const fixed = option.value.form.value.filter((one: Json) => one.value !== undefined)
      .map((one: Json) => [one.name, one.value]);
    const authenticator = { ...Object.fromEntries(fixed), ...extra };
    return await this.submit("select-authenticator-authenticate", { authenticator });
  }

  /** Follows the success redirect to the app's page. */
  async finish(): Promise<{ cookies: Map<string, string>; saml: string }> {
    const href = this.json.success?.href ?? this.form("success-redirect").href;
    const redirect = await send(href);
    const cookies = new Map(
      redirect.headers.getSetCookie().map((line) => {
        const [pair] = line.split(";");
        return pair!.split("=") as [string, string];
      }),
    );
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const { text } = await send(redirect.headers.get("location")!, { headers: { cookie } });
    return { cookies, saml: samlResponseOf(text) };
  }
}

/** Opens an app's page (default: the first app) and introspects its stateToken. */
export async function openIdx(sim: Simulator, cookie?: string, page?: string): Promise<IdxProbe> {
  const probe = new IdxProbe(sim, cookie);
  await probe.open(page);
  return probe;
}
