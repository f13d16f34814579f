/**
 * The requests of a sign-in in one file without imports, checks, cache or messages: what Deno, the
 * network and the servers need at the least. Its settings are variables (`BARE_…`). With `BARE_LOAD` it
 * also loads the modules that this file imports, and does nothing with them; with `BARE_SESSION` it keeps
 * the session's cookies in this file, and needs no password while they are there. With `BARE_CONNECTIONS`
 * it opens so many to STS at its start, assumes all roles over them, and asks `BARE_SIGNIN` for the
 * account aliases meanwhile.
 */

interface RequestOptions {
  body?: string;
  type?: string;
  cookie?: string;
}

type Connection = (path: string, options?: RequestOptions) => Promise<string>;

const setting = (name: string) => Deno.env.get(`BARE_${name}`)!;
const loading = Deno.env.has("BARE_LOAD") ? import(setting("LOAD")) : undefined;
// It is awaited at the end.
loading?.catch(() => {});
const authority = Deno.readTextFileSync(Deno.env.get("SSL_CERT_FILE")!);
// The random numbers of the first handshake, on another thread.
const random = crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);

async function connect(origin: string): Promise<Connection> {
  const { hostname } = new URL(origin);
  const tcp = await Deno.connect({ hostname, port: 443 });
  tcp.setNoDelay();
  await random;
  const tls = await Deno.startTls(tcp, { hostname, caCerts: [authority] });
  await tls.handshake();
  const buffer = new Uint8Array(65_536);
  const decoder = new TextDecoder();
  return async (path, { body = "", type = "application/json", cookie } = {}) => {
    const method = body === "" ? "GET" : "POST";
    const head = `${method} ${path} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: ${type}\r\n` +
      (cookie === undefined ? "" : `cookie: ${cookie}\r\n`) +
      `accept: ${path.startsWith("/api") ? type : "*/*"}\r\ncontent-length: ${body.length}\r\n\r\n`;
    await tls.write(new TextEncoder().encode(head + body));
    let text = "";
    // Until the end of a body of either kind.
    for (;;) {
      const at = text.indexOf("\r\n\r\n");
      const length = /^content-length: *(\d+)/im.exec(text)?.[1];
      if (at >= 0 && length !== undefined && text.length >= at + 4 + Number(length)) return text;
      if (at >= 0 && text.endsWith("\r\n0\r\n\r\n")) return text;
      const count = await tls.read(buffer);
      if (count === null) return text;
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  };
}

async function oneTimeCode(secret: string): Promise<string> {
  const bits = [...secret].map((one) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one).toString(2).padStart(5, "0")
  ).join("");
  const bytes = Uint8Array.from(bits.match(/.{8}/g)!, (byte) => parseInt(byte, 2));
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(Date.now() / 30_000)));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const number = mac.getUint32(mac.getUint8(19) & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** A member of a JSON text, by its name alone. */
function member(text: string, name: string): string {
  const value = new RegExp(`"${name}": ?"([^"]+)"`).exec(text)?.[1];
  if (value === undefined) throw new Error(`no ${name} in: ${text.slice(0, 200)}`);
  return value;
}

const app = new URL(setting("APP"));

/** Opens the app without a session. */
async function signIn(okta: Connection): Promise<string> {
  await okta("/.well-known/okta-organization");
  const { username, password } = { username: setting("USERNAME"), password: setting("PASSWORD") };
  const asked = await okta("/api/v1/authn", { body: JSON.stringify({ username, password }) });
  const factor = /"id":"([^"]+)","factorType":"token:software:totp"/.exec(asked)?.[1] ??
    member(asked.slice(asked.indexOf('"factors"')), "id");
  const verification = {
    stateToken: member(asked, "stateToken"),
    passCode: await oneTimeCode(/[?&]secret=([A-Z2-7]+)/.exec(setting("TOTP"))![1]!),
  };
  const path = `/api/v1/authn/factors/${factor}/verify`;
  const done = await okta(path, { body: JSON.stringify(verification) });
  return await okta(`${app.pathname}?onetimetoken=${member(done, "sessionToken")}`);
}

function readCookies(): string | undefined {
  try {
    return Deno.readTextFileSync(setting("SESSION")) || undefined;
  } catch {
    return undefined;
  }
}

const FORM = "application/x-www-form-urlencoded";

function formOf(fields: Record<string, string>): RequestOptions {
  return { body: new URLSearchParams(fields).toString(), type: FORM };
}

const cookie = Deno.env.has("BARE_SESSION") ? readCookies() : undefined;
/** 0 for one role. */
const most = Number(Deno.env.get("BARE_CONNECTIONS") ?? 0);
const sts = Array.from({ length: most || 1 }, () => connect(setting("STS")));
const names = most > 0 ? connect(setting("SIGNIN")) : undefined;
const okta = await connect(app.origin);
const page = cookie === undefined ? await signIn(okta) : await okta(app.pathname, { cookie });
if (Deno.env.has("BARE_SESSION") && cookie === undefined) {
  const set = [...page.matchAll(/^set-cookie: *([^;\r]+)/gim)].map(([, pair]) => pair);
  Deno.writeTextFileSync(setting("SESSION"), set.join("; "));
}
const SAMLAssertion = /name="SAMLResponse"[^>]*value="([^"]+)"/.exec(page)![1]!
  .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));

interface RoleGrant {
  RoleArn: string;
  PrincipalArn: string;
}

function grantedRoles(): RoleGrant[] {
  if (most === 0) return [{ RoleArn: setting("ROLE"), PrincipalArn: setting("PRINCIPAL") }];
  const pairs = atob(SAMLAssertion).matchAll(/>(arn:[^<,]+:saml-provider[^<,]+),(arn:[^<,]+)</g);
  return Array.from(pairs, ([, principal, role]) => ({ RoleArn: role!, PrincipalArn: principal! }));
}

const aliases = names?.then((aws) => aws("/saml", formOf({ SAMLResponse: SAMLAssertion })));
const action = { Action: "AssumeRoleWithSAML", Version: "2011-06-15" };
const roles = grantedRoles();
const wanted = roles.length;
let assumed = 0;
await Promise.all(sts.map(async (connecting) => {
  const connection = await connecting;
  for (let role; (role = roles.shift()) !== undefined;) {
    const answer = await connection("/", formOf({ ...action, ...role, SAMLAssertion }));
    if (answer.includes("<SecretAccessKey>")) assumed++;
  }
}));
await aliases;
await loading;
Deno.exit(wanted > 0 && assumed === wanted ? 0 : 1);
