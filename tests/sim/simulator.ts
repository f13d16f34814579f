/** Starts and stops the simulated Okta and AWS, each a server on its own loopback port. */

import { answerEks } from "./aws/eks.ts";
import { answerSignin } from "./aws/signin.ts";
import { answerSso } from "./aws/sso/sso.ts";
import { answerSts } from "./aws/sts.ts";
import { oktaNow } from "./clock.ts";
import { isDropped, isStalled } from "./faults.ts";
import { embedLink } from "./okta/apps.ts";
import { addOktaHeaders } from "./okta/rate_limit.ts";
import { answerOkta } from "./okta/router.ts";
import { codeAt, counterAt, totpUri } from "./okta/totp.ts";
import { type HostName, type LoggedRequest, readRequest } from "./request_log.ts";
import { createState, type State } from "./state.ts";
import { listen, type ListenSettings, type Origin, type TlsFiles } from "./listener.ts";
import { defaultWorld } from "./default_world.ts";
import type { SimUser, World } from "./world.ts";

export interface SimulatorOptions {
  /** Changes to the default world, or a function that changes it. */
  world?: Partial<World> | ((world: World) => void);
  /** If given, Okta is served over https. */
  tls?: TlsFiles;
  /** If given, STS and the sign-in page are served over https. */
  awsTls?: TlsFiles;
  /** Default: any free port; the same for the others. */
  oktaPort?: number;
  stsPort?: number;
  ssoPort?: number;
  signinPort?: number;
  /** The host name in Okta's URLs; default: `127.0.0.1`. Browsers allow WebAuthn on `localhost` only. */
  oktaHostname?: string;
  /** Serves Okta's Sign-In Widget in the sign-in pages, from the folder that `locateWidget()` returns. */
  widget?: URL;
  /** Called after each request is answered. */
  onAnswer?: (request: LoggedRequest) => void;
}

/** The login of the world's first user. */
export interface SimLogin {
  readonly login: string;
  readonly password: string;
  /** `otpauth://…` of the first TOTP factor. */
  readonly totpUri: string;
  /** The code at Okta's time, or `steps` periods later. */
  code(steps?: number): Promise<string>;
}

export interface Simulator extends AsyncDisposable {
  readonly okta: string;
  readonly sts: string;
  /** IAM Identity Center: OIDC service, portal and pages. */
  readonly sso: string;
  readonly signin: string;
  readonly eks: string;
  /** May be changed at any time; the next request sees it. */
  readonly world: World;
  /** Issued sessions, assertions, credentials and so on. */
  readonly state: State;
  /** In order of arrival. */
  readonly requests: LoggedRequest[];
  readonly user: SimLogin;
  /** The embed link of the app with this label (default: the first app). */
  embedLink(label?: string): string;
  /** The environment variables that point okta-aws to the simulator. */
  env(): Record<string, string>;
  /** How many connections an origin has accepted. */
  connections(host: HostName): number;
  requestsTo(host: HostName, method: string, path: string): LoggedRequest[];
  stop(): Promise<void>;
}

async function faulted(world: World, request: LoggedRequest): Promise<Response | undefined> {
  for (const fault of world.faults) {
    const response = await fault(request);
    if (response) return response;
  }
  return undefined;
}

function loginOf(world: World): SimLogin {
  const first = (): SimUser => world.users[0]!;
  const totp = () => first().factors.find((factor) => factor.totp)!.totp!;
  return {
    get login() {
      return first().login;
    },
    get password() {
      return first().password;
    },
    get totpUri() {
      return totpUri(totp(), first().login);
    },
    code: (steps = 0) => codeAt(totp(), counterAt(totp(), oktaNow(world.clock)) + steps),
  };
}

function atPort(port: number | undefined): Partial<ListenSettings> {
  return port === undefined ? {} : { port };
}

type Answer = (request: LoggedRequest, origin: string) => Response | Promise<Response>;

/** `await using` stops it. */
export function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const world = defaultWorld();
  if (typeof options.world === "function") options.world(world);
  else Object.assign(world, options.world);
  const state = createState();
  const requests: LoggedRequest[] = [];

  const { widget } = options;
  const host = (name: HostName, answer: Answer, settings: Partial<ListenSettings> = {}): Origin =>
    listen({ port: 0, ...settings }, async (raw, origin) => {
      const request = await readRequest(name, raw);
      requests.push(request);
      const response = await faulted(world, request) ?? await answer(request, origin);
      request.status = isDropped(response) || isStalled(response) ? 0 : response.status;
      options.onAnswer?.(request);
      return response;
    });
  const awsTls = options.awsTls ? { tls: options.awsTls } : {};
  const okta = host(
    "okta",
    async (request, origin) => {
      const context = { world, state, request, origin, ...(widget ? { widget } : {}) };
      const response = await answerOkta(context);
      return addOktaHeaders(world, state, request, response);
    },
    {
      ...atPort(options.oktaPort),
      ...(options.tls ? { tls: options.tls } : {}),
      ...(options.oktaHostname === undefined ? {} : { hostname: options.oktaHostname }),
    },
  );
  const sts = host(
    "sts",
    (request) => answerSts({ world, state, request }),
    { ...atPort(options.stsPort), ...awsTls },
  );
  const sso = host(
    "sso",
    (request) => answerSso({ world, state, request }),
    atPort(options.ssoPort),
  );
  const signin = host(
    "signin",
    (request) => answerSignin({ world, state, request }),
    { ...atPort(options.signinPort), ...awsTls },
  );
  const eks = host("eks", async (request) => {
    const response = await answerEks({ world, state, request });
    response.headers.set("date", new Date(world.clock.now()).toUTCString());
    return response;
  });
  const stop = async () => {
    await Promise.all([okta, sts, sso, signin, eks].map((one) => one.stop()));
  };
  return Promise.resolve({
    okta: okta.url,
    sts: sts.url,
    sso: sso.url,
    signin: signin.url,
    eks: eks.url,
    world,
    state,
    requests,
    user: loginOf(world),
    embedLink: (label) =>
      embedLink(okta.url, world.apps.find((app) => app.label === label) ?? world.apps[0]!),
    env: () => ({
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_ENDPOINT_URL_EKS: eks.url,
      AWS_ENDPOINT_URL_SSO: sso.url,
      AWS_ENDPOINT_URL_SSO_OIDC: sso.url,
      OKTA_AWS_SIGNIN_ENDPOINT: signin.url,
    }),
    connections: (name) => ({ okta, sts, sso, signin, eks })[name].connections(),
    requestsTo: (name, method, path) =>
      requests.filter((one) => one.host === name && one.method === method && one.path === path),
    stop,
    [Symbol.asyncDispose]: stop,
  });
}
